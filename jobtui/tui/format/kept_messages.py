"""Messages of one job in the order of their times, kept in little memory: columns, not objects."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from jobtui.model import JobMessage, JobRef, Level

_Manner = tuple[JobRef, Level, str, str | None, str | None, bool]
"""What many have in common: ref, level, the server's word for it, step, sender, whether there is a time."""
_NEVER = float("-inf")


class KeptMessages:
    """A sequence of messages. What has no time stays behind what it came after."""

    def __init__(self) -> None:
        self._ids: list[str] = []
        self._texts: list[str] = []
        self._places = array("d")
        """The time of each, or of what it stands behind; never less than that of the one before."""
        self._manners: list[_Manner] = []
        self._known: dict[_Manner, _Manner] = {}

    def __len__(self) -> int:
        return len(self._ids)

    def __getitem__(self, number: int) -> JobMessage:
        number = range(len(self))[number]
        ref, level, word, step, sender, is_timed = self._manners[number]
        at = datetime.fromtimestamp(self._places[number], UTC) if is_timed else None
        return JobMessage(ref, self._ids[number], at, level, word, self._texts[number], step, sender)

    def __iter__(self) -> Iterator[JobMessage]:
        return (self[number] for number in range(len(self)))

    def __reversed__(self) -> Iterator[JobMessage]:
        return (self[number] for number in range(len(self) - 1, -1, -1))

    def id(self, number: int) -> str:
        """Give the id of the nth message."""
        return self._ids[number]

    def number_of(self, message_id: str) -> int | None:
        """Say where a message is; None when it is not here."""
        try:
            return self._ids.index(message_id)
        except ValueError:
            return None

    def numbers(self) -> dict[str, int]:
        """Say where each message is, by its id."""
        return {key: number for number, key in enumerate(self._ids)}

    def number_at(self, at: datetime) -> int:
        """Give the first message told at a moment or later, else the last."""
        return min(bisect_left(self._places, at.timestamp()), len(self) - 1)

    def is_debug(self, number: int) -> bool:
        """Whether the nth message is for debugging."""
        return self._manners[number][1] is Level.DEBUG

    def of_step(self, step_id: str) -> Iterator[int]:
        """Give the messages that speak of a step."""
        return (number for number, manner in enumerate(self._manners) if manner[3] == step_id)

    def not_before(self, messages: Sequence[JobMessage]) -> Sequence[JobMessage]:
        """Leave out what stands before all that are here."""
        if not self._places:
            return messages
        first = datetime.fromtimestamp(self._places[0], UTC)
        return [message for message in messages if message.at is None or message.at >= first]

    def is_behind(self, message: JobMessage) -> bool:
        """Whether a message belongs behind all that are here."""
        return not self._places or message.at is None or message.at.timestamp() >= self._places[-1]

    def add(self, message: JobMessage) -> int:
        """Put a message in its place; gives which one it is now."""
        places, at = self._places, message.at
        last = places[-1] if places else _NEVER
        place = last if at is None else at.timestamp()
        manner = self._manner(message)
        if place >= last:
            self._ids.append(message.id)
            self._texts.append(message.text)
            places.append(place)
            self._manners.append(manner)
            return len(places) - 1
        number = bisect_right(places, place)
        self._ids.insert(number, message.id)
        self._texts.insert(number, message.text)
        places.insert(number, place)
        self._manners.insert(number, manner)
        return number

    def put_behind(self, messages: Sequence[JobMessage]) -> bool:
        """Put messages behind all that are here, if that is their place; of thousands each costs little.

        False, and none of them is here, where any was told before what it would stand behind.
        """
        last, places = self._places[-1] if self._places else _NEVER, array("d")
        for message in messages:
            if (at := message.at) is not None:
                place = at.timestamp()
                if place < last:
                    return False
                last = place
            places.append(last)
        self._places += places
        self._ids += [message.id for message in messages]
        self._texts += [message.text for message in messages]
        self._manners += self._manners_of(messages)
        return True

    def _manners_of(self, messages: Iterable[JobMessage]) -> Iterator[_Manner]:
        """Give what is said of each beside its id, its time and its text: mostly the same as of the last."""
        made: _Manner | None = None
        for message in messages:
            if (
                made is None
                or message.ref is not made[0]
                or message.level is not made[1]
                or message.raw_level != made[2]
                or message.step != made[3]
                or message.sender != made[4]
                or (message.at is not None) is not made[5]
            ):
                made = self._manner(message)
            yield made

    def _manner(self, message: JobMessage) -> _Manner:
        ref, level, word, is_timed = message.ref, message.level, message.raw_level, message.at is not None
        made = (ref, level, word, message.step, message.sender, is_timed)
        return self._known.setdefault(made, made)

    def put_before(self, messages: Sequence[JobMessage]) -> None:
        """Put messages, in their order, before all that are here."""
        older = KeptMessages()
        older._known = self._known
        if not older.put_behind(messages):
            for message in messages:
                older.add(message)
        if self._places and older._places and older._places[-1] > self._places[0]:
            # Two times that do not agree: what is said to be before is no later.
            first = self._places[0]
            older._places = array("d", (min(place, first) for place in older._places))
        self._ids[:0] = older._ids
        self._texts[:0] = older._texts
        self._places[:0] = older._places
        self._manners[:0] = older._manners

    def drop(self, first: int, end: int) -> list[str]:
        """Give up some messages; gives their ids."""
        gone = self._ids[first:end]
        del self._ids[first:end], self._texts[first:end], self._places[first:end], self._manners[first:end]
        if not self._ids:
            self._known.clear()
        return gone
