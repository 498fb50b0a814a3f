"""What travels inside the screen: that the monitor has announced something."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from textual.message import Message

from jobtui.monitor.events import Event


class MonitorNews(Message):
    """Events of the monitor wait in the inbox."""


@runtime_checkable
class Listener(Protocol):
    """A screen that takes the monitor's events."""

    def receive(self, event: Event) -> None:
        """Take one event over, or note that it came."""
        ...
