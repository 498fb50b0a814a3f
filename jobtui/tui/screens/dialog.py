"""What every dialog and menu is built on: it ends once."""

from __future__ import annotations

from typing import Generic, TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen

_Result = TypeVar("_Result")


class Dialog(ModalScreen[_Result], Generic[_Result]):
    """A screen over another that gives a result."""

    def dismiss(self, result: _Result | None = None) -> AwaitComplete:
        """End with a result; what came in the same burst of keys after the one that ended it ends nothing.

        Textual's own takes whatever screen is on top then: another dialog, or the last one, which fails.
        """
        return super().dismiss(result) if self.app.screen is self else AwaitComplete()
