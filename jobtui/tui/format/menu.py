"""The action menu as lines: every control, whether it is possible here, what it would do or why not."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from jobtui.model import Control
from jobtui.text import plain
from jobtui.tui.format.spans import Line, Span, cut, width_of, wrap

ORDER = (
    Control.REFRESH,
    Control.RUN,
    Control.FINISH,
    Control.HOLD,
    Control.RELEASE,
    Control.SET_CURRENT,
    Control.STOP,
    Control.CANCEL,
)
"""The mild before the harsh."""
_NAME = 13


class Offer(Struct, frozen=True):
    """One control as it stands for what the menu is about."""

    control: Control
    face: str
    """Its key as a person writes it; empty when it has none."""
    reason: str | None
    """Why it cannot be asked now; None when it can."""
    consequence: str
    doubts: tuple[str, ...] = ()
    how_many: str = ""
    """Of several jobs, how many can take it."""


def offer_line(offer: Offer, width: int) -> Line:
    """Draw one control: its key, its name, and whether it can be asked."""
    face, name = f"{offer.face:<2}", f"{offer.control.value:<{_NAME}}"
    if offer.reason is None:
        head = (Span(face, "key"), Span(name, "strong"), Span("can   ", "good"))
        text = offer.how_many or plain(offer.consequence)
        return (*head, Span(cut(text, width - width_of(head))))
    head = (Span(face, "off"), Span(name, "off"), Span("no    ", "off"))
    return (*head, Span(cut(plain(offer.reason), width - width_of(head)), "off"))


def explained(offer: Offer, width: int) -> list[Line]:
    """Say in full what a control would do and what speaks against it, or why it cannot be asked."""
    if offer.reason is not None:
        return [(Span(part, "bad"),) for part in wrap(f"not now: {plain(offer.reason)}", width)]
    lines: list[Line] = [(Span(part),) for part in wrap(plain(offer.consequence), width)]
    for doubt in offer.doubts:
        lines += [(Span(part, "warn"),) for part in wrap(f"! {plain(doubt)}", width)]
    return lines


def heading(what: str, offers: Sequence[Offer], width: int) -> list[Line]:
    """Say what the menu is about, and when nothing can be asked at all, why."""
    lines: list[Line] = [(Span(part, "strong"),) for part in wrap(plain(what), width)]
    if offers and all(offer.reason is not None for offer in offers):
        whys = {offer.consequence or offer.reason for offer in offers}
        why = whys.pop() if len(whys) == 1 else "nothing can be asked of it now"
        lines += [(Span(part, "warn"),) for part in wrap(plain(why or ""), width)]
    return lines
