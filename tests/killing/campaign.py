"""Life after life on one journal, each ended with SIGKILL at a moment that chance chose."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

from jobtui.cli.exits import Exit
from jobtui.model import JobRef, parse_ref
from tests.killing import life
from tests.killing.figures import Figures
from tests.killing.ground import Ground, key_of_order
from tests.killing.lived import Lived
from tests.killing.moments import ARRIVAL, ELSEWHERE, MOMENTS, Moment
from tests.killing.nursery import Nursery
from tests.killing.place import Place, of_version_one, outcomes_of

_PATIENCE_S = 8.0
"""How long a chosen moment is waited for; whoever has not come to it by then is killed all the same."""
_LAST_S = 240.0
"""How long the last lives may take, if all goes well far less."""
_READ = 40
"""Jobs whose messages are compared in the end."""
_OPEN_LIVES = 6
"""For so many lives the jobs of an earlier one stay open."""
_FAULTS = (
    "",
    "",
    "",
    "nextspace/hangup-after:0.3,arcgis/hangup-after:0.3",
    "hangup:0.1",
    "truncated:0.2",
    "500:0.1,429:0.05",
)


class Campaign:
    """Kills until there were enough."""

    def __init__(self, folder: Path, ground: Ground, nursery: Nursery, seed: int) -> None:
        self.figures = Figures()
        self._folder, self._ground, self._nursery = folder, ground, nursery
        self._dice = Random(seed)
        self._main = Place(folder / "main", ground, self.figures.faults)
        self._places = [self._main]
        self._number = 0
        self._read: list[str] = []
        """Jobs whose messages were read, those of late lives last."""
        self._unanswered: set[int] = set()

    def run(self, kills: int) -> Figures:
        """Kill so often, let one last life end by itself, and give the figures."""
        while self.figures.kills < kills:
            self._one_life()
            self._ground.close(all_but=_OPEN_LIVES)
        self._last_lives()
        self._sum_up()
        return self.figures

    # --- one life -----------------------------------------------------------------------------------------
    def _one_life(self) -> None:
        dice, moment = self._dice, self._dice.choice(MOMENTS)
        place = self._place_for(moment)
        kind = dice.choice(moment.kinds)
        self._ground.demo.set_faults(dice.choice(_FAULTS))
        expected = len(place.unanswered())
        orders = self._ground.orders(dice)
        if kind == "screen":
            # Somebody at the screen is slow: one control is all he comes to.
            orders = [order for order in orders if order["control"] == "cancel"]
        lived = self._bear(place, kind, orders)
        is_meant = self._live_until(lived, moment, most=len(orders))
        self._end(lived, moment.name if is_meant else ELSEWHERE, kind)
        # In the journal of the first version nobody knows who sent what: it is left alone for two minutes.
        has_to_say = place is self._main and lived.heard[life.STARTED]
        if has_to_say and lived.heard[life.SAID] != expected:
            said = f"life {self._number} said {lived.heard[life.SAID]} of {expected}"
            self.figures.faults.unsaid.append(said)
        elif has_to_say:
            self.figures.said += expected
        place.look(at_a_copy=place is self._main and dice.random() < 0.5)
        if place is self._main:
            self._unanswered |= {entry.id for entry in place.unanswered()}

    def _place_for(self, moment: Moment) -> Place:
        if not moment.is_old:
            return self._main
        self._main.look(at_a_copy=False)
        folder = self._folder / f"old-{self._number}"
        self._places.append(of_version_one(folder, self._main, self._ground, self.figures.faults))
        return self._places[-1]

    def _bear(self, place: Place, kind: str, orders: list[dict[str, Any]], ends: float = 0.0) -> Lived:
        self._number += 1
        self.figures.orders += len(orders)
        place.keys |= {key_of_order(order) for order in orders}
        self._read += [ref for ref in self._ground.read() if ref not in self._read]
        order = {
            "kind": kind,
            "config": str(place.config),
            "said": str(self._folder / "said"),
            "orders": orders,
            "read": self._read[-_READ:] if ends else self._ground.read(),
            "at_once": self._dice.choice((1, 1, 3)),
            "ends": ends,
        }
        return Lived.begun(self._nursery, self._folder / f"pipe-{self._number}", order)

    def _live_until(self, lived: Lived, moment: Moment, *, most: int) -> bool:
        """Wait for the moment and give True, or False when it did not come."""
        count = self._dice.randint(1, moment.most if most > 1 else 1)
        delay = self._dice.uniform(moment.early_s, moment.late_s)
        begun = len(self._ground.reached)
        if moment.letter == ARRIVAL and not moment.late_s:
            self._ground.kill_on_arrival(lived.pid, count)
        deadline = time.monotonic() + _PATIENCE_S
        while time.monotonic() < deadline and not lived.is_over:
            lived.listen()
            arrived = len(self._ground.reached) - begun
            if (arrived if moment.letter == ARRIVAL else lived.heard[moment.letter]) >= count:
                time.sleep(delay)
                return True
            time.sleep(0.0005)
        return False

    def _end(self, lived: Lived, moment: str, kind: str) -> None:
        self._ground.spare()
        ended = self._nursery.kill(lived.pid)
        lived.close()
        if ended == -9:
            self.figures.kills += 1
            self.figures.by_moment[moment] += 1
            self.figures.by_kind[kind] += 1
        else:
            self.figures.ended_alone += 1
            if ended == Exit.CRASH:
                self.figures.faults.crashed.append(f"{kind} ended with {ended}")

    # --- the end ------------------------------------------------------------------------------------------
    def _last_lives(self) -> None:
        """Start once more, undisturbed, and let all come to its end; then read all with an empty journal."""
        self._ground.end()
        reference = Place(self._folder / "reference", self._ground, self.figures.faults)
        for place in (self._main, reference):
            place.look(at_a_copy=False)
            self._live_to_the_end(place)
            place.look(at_a_copy=False)
        for text in self._read[-_READ:]:
            self._compare_messages(parse_ref(text).job, reference)

    def _live_to_the_end(self, place: Place) -> None:
        lived = self._bear(place, "watch", [], ends=_LAST_S)
        deadline = time.monotonic() + 2 * _LAST_S
        while not lived.is_over and time.monotonic() < deadline:
            lived.listen()
            time.sleep(0.01)
        ended = self._nursery.bury(lived.pid) if lived.is_over else self._nursery.kill(lived.pid)
        lived.close()
        if ended != 0:
            self.figures.faults.unsettled.append(f"the last life ended with {ended}")

    def _compare_messages(self, ref: JobRef, reference: Place) -> None:
        """Nothing that the server says may be missing, nothing may be there more often than said."""
        kept, said = self._main.messages(ref), reference.messages(ref)
        self.figures.messages += len(kept)
        # By id: one that came while the titles of steps could not be read says less, and is the same.
        missing = [each for message_id, each in said.items() if message_id not in kept]
        self.figures.faults.missing += [f"{ref}: {each}" for each in missing]
        # What came by a socket alone is in no list: it is there once.
        often, usual = Counter(kept.values()), Counter(said.values())
        doubled = [f"{ref}: {each}, {n} times" for each, n in often.items() if n > max(1, usual[each])]
        self.figures.faults.doubled += doubled

    def _sum_up(self) -> None:
        figures = self.figures
        for place in self._places:
            place.hold_against(self._ground.reached)
        known = set[object]().union(*(place.keys for place in self._places))
        figures.faults.without_intent += [
            f"{one.key} was never ordered" for one in self._ground.reached if one.key not in known
        ]
        entries = self._main.entries
        figures.reached = len(self._ground.reached)
        figures.intents = sum(len(place.own()) for place in self._places)
        figures.outcomes = outcomes_of(entries.values())
        figures.left_unanswered = len(self._unanswered)
        settled = [entries[each] for each in self._unanswered if entries[each].effect is not None]
        figures.settled = len(settled)
        figures.confirmed = sum(e.effect is not None and e.effect.as_asked for e in settled)
        talk = self._folder / "said"
        wrong = ("Traceback", "jobtui itself failed")
        lines = talk.read_text(encoding="utf-8").splitlines() if talk.exists() else []
        figures.faults.crashed += [line for line in lines if line.startswith(wrong)]
        figures.faults.unsettled += [f"{key} is still awaited" for key in self._main.awaited()]


def run(folder: Path, kills: int, seed: int) -> Figures:
    """Run a campaign in an empty folder."""
    (folder / "home").mkdir()
    ground = Ground(seed)
    with Nursery(folder / "home") as nursery, ground.demo:
        return Campaign(folder, ground, nursery, seed).run(kills)
