"""What travels inside the screen: a monitor's event in an envelope of Textual's."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from textual.message import Message

from jobtui.monitor.events import Event


class MonitorEvent(Message):
    """The monitor has announced something."""

    def __init__(self, event: Event) -> None:
        super().__init__()
        self.event = event


@runtime_checkable
class Listener(Protocol):
    """A screen that takes the monitor's events."""

    def receive(self, event: Event) -> None:
        """Take one event over, or note that it came."""
        ...
