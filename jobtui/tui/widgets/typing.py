"""A line for typing in which keys act in the order in which they came."""

from __future__ import annotations

from textual import events
from textual.widgets import Input


class Typing(Input):
    """An input that edits at once.

    Textual's own hands Backspace and the like on to the app as bindings, while letters act where they
    arrive: a burst of keys, as a slow line delivers them, would be taken in another order than it was typed.
    """

    async def _on_key(self, event: events.Key) -> None:
        for binding in self._bindings.key_to_bindings.get(event.key, ()):
            event.stop()
            event.prevent_default()
            await self.run_action(binding.action)
            return
        await super()._on_key(event)

    async def take(self, event: events.Key | events.Paste) -> None:
        """Edit with a key or a paste now, before what waits in the queue."""
        if isinstance(event, events.Key):
            await self._on_key(event)
        else:
            self._on_paste(event)
