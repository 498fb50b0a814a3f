"""What can be armed on a job or a step, and what is armed, as lines."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from jobtui.insight.cause import cause_of
from jobtui.insight.rule_reading import BadRule, parse_rule, pattern_word, word_of
from jobtui.insight.rules import Rule
from jobtui.model import Job, Kind, StepRef, Target
from jobtui.monitor.armed import Armed, Origin
from jobtui.text import plain
from jobtui.tui.format.spans import Line, Span, cut, width_of

_ORIGINS = {Origin.CONFIG: "configuration", Origin.SCREEN: "", Origin.LINE: "command line"}


class Wire(Struct, frozen=True):
    """One thing that can be armed."""

    key: str
    text: str
    condition: str
    """The rule, or what stands before what is typed."""
    asks: str = ""
    """What is to be typed, with an example; empty when nothing is."""

    def rule(self, typed: str = "") -> Rule:
        """Make the rule. Raises BadRule."""
        if not self.asks:
            return parse_rule(self.condition)
        if not typed.strip():
            raise BadRule(f"nothing was typed; {self.asks}")
        if self.condition.endswith("says:"):
            return parse_rule(self.condition.removesuffix("says:") + pattern_word(typed))
        return parse_rule(self.condition + typed.strip())


def wires_of(target: Target | None, job: Job | None) -> list[Wire]:
    """Give what can be armed on what is selected; a rule of one's own always."""
    wires = [] if target is None or job is None else list(_wires(target, job))
    asks = "a rule: fails source:prod -> bell,notify"
    return [*wires, Wire("r", "another rule, on whichever jobs …", "", asks)]


def _wires(target: Target, job: Job) -> list[Wire]:
    word = word_of(target)
    if isinstance(target, StepRef):
        return [
            Wire("e", "when this step ends", f"{word} ends"),
            Wire("f", "when this step fails", f"{word} fails"),
            Wire("a", "when this step waits for a person", f"{word} waits"),
            Wire("o", "when this step is still open after …", f"{word} open>", "how long: 30m, 2h, 1d"),
        ]
    wires = [
        Wire("e", "when it ends", f"{word} ends"),
        Wire("f", "when it fails", f"{word} fails"),
        Wire("s", "when it stalls", f"{word} stalls"),
        Wire("o", "when it is still open after …", f"{word} open>", "how long: 30m, 2h, 1d"),
        Wire("b", "when it has not ended by …", f"{word} by:", "a time of day: 18:00"),
    ]
    if job.kind is not Kind.ZENDESK:
        wires.append(
            Wire(
                "m",
                "when a message matches …",
                f"{word} says:",
                "a pattern: disk (full|quota)",
            )
        )
    if (cause := cause_of(job)) is not None:
        text = cut(plain(cause), 40)
        wires.append(Wire("c", f"when any job fails for “{text}”", f'cause:"{cause.replace(chr(34), "")}"'))
    return wires


def wire_line(wire: Wire, armed: Armed | None, width: int) -> Line:
    """Draw one thing that can be armed, and whether it is."""
    head = (Span(f"{wire.key}  ", "key"), Span(wire.text))
    state = Span("  armed", "good") if armed is not None else Span("")
    return (*head[:1], Span(cut(wire.text, width - width_of([head[0], state]))), state)


def armed_line(armed: Armed, width: int) -> Line:
    """Draw one armed rule."""
    origin = _ORIGINS[armed.origin]
    tail = Span(f"  ({origin})", "dim") if origin else Span("")
    name = f"{plain(armed.rule.name)}: " if armed.rule.name else ""
    return (Span(cut(name + armed.rule.sentence, width - width_of([tail]))), tail)


def armed_lines(armed: Sequence[Armed], width: int) -> list[Line]:
    """Draw all that is armed, for a place that only shows it."""
    return [armed_line(one, width) for one in armed] or [(Span("no rule is armed; T arms one", "dim"),)]
