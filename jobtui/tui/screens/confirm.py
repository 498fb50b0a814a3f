"""The question before a control is sent. It opens on No, is deaf at first, and stops when the job moves.

What cannot be taken back asks for a reason; in production, and for several jobs, something is to be typed
in the place of a key.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.timer import Timer
from textual.widgets import Input

from jobtui.model import JobMessage
from jobtui.monitor.events import Event, MessagesArrived
from jobtui.text import plain
from jobtui.tui.format.spans import Line, Span, wrap
from jobtui.tui.pace import Pace
from jobtui.tui.question import Question, Yes
from jobtui.tui.screens.dialog import Dialog
from jobtui.tui.screens.guard import Guard, When, came
from jobtui.tui.widgets.line_bar import LineBar
from jobtui.tui.widgets.typing import Typing

WIDTH = 66
SETTLE_S = 0.08
"""How long a yes waits for other keys: a paste without marks comes as many keys at once."""
_MOST_REASON = 500
_PAGE = 5
_BAR = 1
"""What the bar takes with which a long question scrolls."""
_MORE = "PgDn and PgUp show the rest of it"
_FRAME, _LOW_FRAME = 4, 2
"""Lines that border and padding take, and those of the border alone."""
_LOW = 15
"""Lines of a terminal below which the dialog does without padding."""
_TYPING = 2
"""Lines that a reason takes, with the empty one above."""
_LEAST_WIDTH, _SIDES = 40, 6
_LEAST_ASKED = 3
"""Lines of a question that must be seen at once: what is asked, and of which job."""
_ASKED = "Why? Your own words, kept in the audit; may stay empty."


def confirm_screen(question: Question, *, when: When = came) -> ConfirmScreen:
    """Make the screen that a question calls for."""
    return (TypedConfirmScreen if question.toll.typed else ConfirmScreen)(question, when=when)


class ConfirmScreen(Dialog[Yes | None]):
    """Asks yes or no about what was frozen when a key was pressed."""

    AUTO_FOCUS = ""
    WAYS_OUT: ClassVar[tuple[str, ...]] = ("escape", "q")

    def __init__(self, question: Question, *, when: When = came) -> None:
        super().__init__()
        self._question = question
        self._guard = Guard(when)
        self.is_yes = False
        self.changed: str | None = None
        """What has changed while it was open; after that, yes is no answer."""
        self.is_too_small = False
        """Whether the terminal cannot show what is asked and the answers; nobody says yes to that."""
        self._said: JobMessage | None = None
        self._settling: Timer | None = None
        self._pace = Pace(self._show, self.set_timer)
        self._reason = Typing(id="typed", compact=True, max_length=_MOST_REASON, placeholder="a reason")
        self._reason.cursor_blink = False
        # Held here: the job may move before the widgets are there, and while they are taken down.
        self._asked = VerticalScroll(id="asked", can_focus=False)
        self._above, self._below = LineBar(id="question"), LineBar(id="answer")
        self._keys: dict[str, Callable[[], None]] = {
            "y": self._yes,
            "enter": self._chosen,
            "left": self._to_no,
            "h": self._to_no,
            "right": self._to_yes,
            "l": self._to_yes,
            "tab": self._other,
            "shift+tab": self._other,
            "n": self._no,
        }
        self._scrolls = {"down": 1, "up": -1, "pagedown": _PAGE, "pageup": -_PAGE}

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog"):
            with self._asked:
                yield self._above
            yield self._reason
            yield self._below

    def on_mount(self) -> None:
        dialog = self.query_one("#dialog")
        dialog.set_class(self._question.production, "-production")
        dialog.border_title = self._question.title
        self._reason.display = False
        self._show()
        self.call_after_refresh(self._guard.seen)

    def receive(self, event: Event) -> None:
        """Look whether the job has moved; once it has, this question cannot be answered with yes."""
        if isinstance(event, MessagesArrived) and event.ref == self._question.about and not event.are_earlier:
            self._said = next((one for one in reversed(event.messages) if one.sender), self._said)
        if self.changed is None and (changed := self._question.changed()) is not None:
            self.changed = changed
            self._close_reason()
            self._show()
        else:
            self._pace.news()  # of a hundred jobs something is told all the time

    def on_resize(self) -> None:
        self._show()

    def on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        if self._settling is not None:
            self._settling.stop()  # a yes with another key on its heels was not pressed by a finger
            self._settling = None
        counts = self._guard.accepts(event)
        if (lines := self._scrolls.get(event.key)) is not None:
            self._asked.scroll_relative(y=lines, animate=False)
        elif self._reason.display:
            if event.key == "escape":
                self._close_reason()
                self._show()
        elif event.key in self.WAYS_OUT:
            self.dismiss(None)
        elif counts and not self.is_too_small:
            self.take(event)

    def take(self, event: events.Key) -> None:
        """Take a key that counts."""
        if (act := self._keys.get(event.key)) is not None:
            act()

    # --- the answer -----------------------------------------------------------------------------------
    def _yes(self) -> None:
        self._settling = self.set_timer(SETTLE_S, self._settled)

    def _settled(self) -> None:
        if self.changed is not None or self.is_too_small:
            return
        if not self._question.toll.asks_reason:
            self.dismiss(Yes())
            return
        self.is_yes = True
        self._reason.display = True
        self._reason.focus()
        self._show()

    def _no(self) -> None:
        self.dismiss(None)

    def _chosen(self) -> None:
        if self.is_yes and self.changed is None:
            self._yes()
        else:
            self.dismiss(None)

    def _to_no(self) -> None:
        self._choose(yes=False)

    def _to_yes(self) -> None:
        self._choose(yes=True)

    def _other(self) -> None:
        self._choose(yes=not self.is_yes)

    def _choose(self, *, yes: bool) -> None:
        self.is_yes = yes and self.changed is None
        self._show()

    # --- the reason -----------------------------------------------------------------------------------
    @on(Input.Changed)
    def _typing(self, event: Input.Changed) -> None:
        self._guard.accepts(event)  # what comes right behind it was not pressed by a finger

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        can_be = self.changed is None and not self.is_too_small
        if self._guard.accepts(event) and self._reason.display and can_be:
            self.dismiss(Yes(plain(self._reason.value).strip() or None))

    def _close_reason(self) -> None:
        self._reason.display = False
        self.set_focus(None)
        self.is_yes = False

    # --- drawing --------------------------------------------------------------------------------------
    def _show(self) -> None:
        if not self.is_attached:
            return
        width = max(_LEAST_WIDTH - _SIDES, min(WIDTH, self.size.width - _SIDES))
        lines, answer = self._question.lines(width - _BAR), self._answer(width)
        is_low = self.size.height < _LOW
        self.query_one("#dialog").set_class(is_low, "-low")
        wide, high = max(_LEAST_WIDTH, self.size.width), self._least(len(lines), width)
        is_small = self.size.width < wide or self.size.height < high
        self.is_too_small = is_small and self.changed is None
        if self.is_too_small:
            said = wrap(f"too small to ask: needs at least {wide}x{high}", max(8, self.size.width - _SIDES))
            lines, answer = [(Span(part, "warn"),) for part in said], []
        frame = _LOW_FRAME if is_low else _FRAME
        room = max(1, self.size.height - frame - len(answer) - (_TYPING if self._reason.display else 0))
        if answer and len(lines) > room:
            before = len(answer)
            answer = [(Span(_MORE, "dim"),), *answer[0 if answer[0] else 1 :]]
            room = max(1, room - (len(answer) - before))
        self._asked.styles.max_height = room
        self._above.show(lines)
        self._below.show(answer)

    def _least(self, asked: int, width: int) -> int:
        """Say how many lines of a terminal it takes that nobody answers what they do not see."""
        below = [len(self.choices(width))]
        if self._question.toll.asks_reason:
            below.append(len(_reason_answer(self._question.verb, width)) + _TYPING + 1)
        return _LOW_FRAME + min(asked, _LEAST_ASKED) + max(below)

    def _answer(self, width: int) -> list[Line]:
        if self.changed is not None:
            return self._changed(width)
        if self._reason.display:
            return _reason_answer(self._question.verb, width)
        return self.choices(width)

    def choices(self, width: int) -> list[Line]:
        """Lay out the answers that can be given."""
        verb = self._question.verb
        no, yes = ("  No ", f"> Yes, {verb} ") if self.is_yes else ("> No ", f"  Yes, {verb} ")
        looks = ("dim", "match") if self.is_yes else ("match", "dim")
        then = ", then why" if self._question.toll.asks_reason else ""
        hint = f"y: yes, {verb}{then}   arrows and Enter: choose   Esc: leave it"
        return [(), (Span(no, looks[0]), Span("    "), Span(yes, looks[1])), (), *_hint(hint, width)]

    def _changed(self, width: int) -> list[Line]:
        said = self._said
        last = f" The newest message is of {plain(said.sender or '')}: {plain(said.text)}." if said else ""
        text = (
            f"! While this was open {self.changed}.{last} Nothing was sent. Esc closes; look, then ask again."
        )
        return [(), *((Span(part, "bad"),) for part in wrap(text, width))]


def _reason_answer(verb: str, width: int) -> list[Line]:
    hint = _hint(f"Enter: {verb} now   Esc: back", width)
    return [*((Span(part),) for part in wrap(_ASKED, width)), (), *hint]


def _hint(text: str, width: int) -> list[Line]:
    return [(Span(part, "dim"),) for part in wrap(text, width)]


class TypedConfirmScreen(ConfirmScreen):
    """Asks for something to be typed: no single key is a yes."""

    WAYS_OUT: ClassVar[tuple[str, ...]] = ("escape",)

    def __init__(self, question: Question, *, when: When = came) -> None:
        super().__init__(question, when=when)
        self.wanted = question.toll.typed
        self.typed = ""

    def take(self, event: events.Key) -> None:
        """Type; Enter answers yes when what is typed is right, and no when nothing is."""
        if self.changed is not None:
            return
        if event.key == "enter" and self.typed in ("", self.wanted):
            self.is_yes = self.typed == self.wanted
            self._chosen()
        elif event.key == "backspace":
            self.typed = self.typed[:-1]
        elif event.character is not None and event.is_printable and len(self.typed) < len(self.wanted):
            self.typed += event.character
        self._show()

    def choices(self, width: int) -> list[Line]:
        """Say what is to be typed, and what has been."""
        lines: list[Line] = [(), *((Span(part),) for part in wrap(self._question.toll.typed_why, width))]
        wrong = bool(self.typed) and not self.wanted.startswith(self.typed)
        typed = Span(f"{self.typed:_<{len(self.wanted)}}", "bad" if wrong else "match")
        hint = "   not the same; Backspace" if wrong else ""
        return [*lines, (), (Span("> "), typed, Span(hint, "bad")), (), (Span("Esc: leave it", "dim"),)]
