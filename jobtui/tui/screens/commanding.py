"""From the palette to the board: what can be chosen just now, and how each is done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Protocol, TypeGuard

from textual.app import App

from jobtui.errors import JobtuiError
from jobtui.model import Target
from jobtui.text import plain
from jobtui.tui.commands import Command
from jobtui.tui.format.states import word_of
from jobtui.tui.keymap import Key, in_force, key_of
from jobtui.tui.screens.finding import FindingBoard
from jobtui.tui.screens.palette import PaletteScreen

_MOST_JOBS = 40
_LEAST_TYPED = 2
_PLACES = {"main": "", "lines": "in a list: ", "app": ""}


class Themed(Protocol):
    """An app whose theme can be chosen."""

    theme: str

    def theme_names(self) -> Sequence[str]:
        """Give the names of the themes."""

    def choose_theme(self, name: str) -> None:
        """Show another theme, also at the next start."""


def is_themed(app: object) -> TypeGuard[Themed]:
    """Whether an app's theme can be chosen."""
    return hasattr(app, "choose_theme")


def open_palette(board: FindingBoard) -> None:
    """Show everything that can be asked for; what is chosen is done on the board."""

    async def chosen(command: Command | None) -> None:
        if command is not None:
            await carry_out(board, command)

    board.app.push_screen(PaletteScreen(list(commands(board)), lambda text: jobs(board, text)), chosen)


def commands(board: FindingBoard) -> Iterator[Command]:
    """Give every action with its key, every view, every theme, every source."""
    standing = {one.key.id: one.reason for one in board.steering.standings(board.target)}
    for key in sorted(in_force(), key=lambda each: each.pane == "lines"):
        if key.id != "palette":
            yield Command(
                "key", key.id, _text(key), key.faces, _reason(board, key, standing), bool(key.control)
            )
    for view in board.chosen.all_views:
        yield Command("view", view.name, f"view: {view.name}", f"{key_of('views').face} {view.key}")
    app: App[object] = board.app
    if is_themed(app):
        for name in app.theme_names():
            yield Command("theme", name, f"theme: {name}{', as now' if name == app.theme else ''}")
    for name in board.monitor.sources:
        yield Command("source", name, f"only the jobs of {name}")


def _text(key: Key) -> str:
    return f"{_PLACES.get(key.pane, '')}{key.help}"


def _reason(board: FindingBoard, key: Key, standing: dict[str, str | None]) -> str | None:
    if key.control is None:
        return None
    if board.target is None:
        return "no job is selected"
    if key.id in standing:
        return standing[key.id]
    never = board.monitor.why_never(key.control, board.target.job)
    return never.text if never is not None else "this source cannot be asked"


def jobs(board: FindingBoard, typed: str) -> list[Command]:
    """Give the first jobs whose id or title has what was typed, else the one that its text names."""
    text = typed.strip().casefold()
    if len(text) < _LEAST_TYPED:
        return []
    matching = (
        job for job in board.monitor.store if text in str(job.ref).casefold() or text in job.title.casefold()
    )
    found = [
        Command("job", str(job.ref), f"{word_of(job.state):<6}{job.ref}  {job.title}")
        for job in islice(matching, _MOST_JOBS)
    ]
    return found or _named(board, typed.strip())


def _named(board: FindingBoard, text: str) -> list[Command]:
    """Take a ref or a pasted address for a job that is not listed."""
    if ":" not in text:
        return []
    try:
        target = board.monitor.target_of(text)
    except JobtuiError:
        return []
    return [Command("job", str(target), f"go to {target}, which is not listed yet")]


async def carry_out(board: FindingBoard, command: Command) -> None:
    """Do what was chosen; a key's action is run just as if it had been pressed."""
    match command.kind:
        case "key":
            await _press(board, key_of(command.name))
        case "view":
            board.call_view(next(one for one in board.chosen.all_views if one.name == command.name))
        case "theme" if is_themed(app := board.app):
            app.choose_theme(command.name)
            board.receipt.say(f"theme {command.name}, also at the next start", "key")
        case "source":
            board.panes.focus("jobs")
            board.filter_jobs(f"source:{command.name}", problems=False)
        case "job":
            go_to(board, board.monitor.target_of(command.name))


async def _press(board: FindingBoard, key: Key) -> None:
    focused = board.focused
    if key.pane == "lines" and focused is not None:
        await focused.run_action(key.action)
    else:
        await board.run_action(key.action)


def go_to(board: FindingBoard, target: Target) -> None:
    """Put the cursor on a job or step; a filter that hides it goes."""
    if board.monitor.store.get(target.job) is None:
        board.monitor.expect(target.job)
        board.receipt.say(f"asking for {plain(str(target))}")
    elif target.job not in board.view:
        board.filter_jobs("", problems=False)
    board.seek(target)
