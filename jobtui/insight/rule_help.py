"""What a rule may say, and what it means, for every help. Pure, and quick to import."""

from __future__ import annotations

HELP = (
    ("ends, fails, stalls, starts", "when a job does; fails is also: ended, some items failed"),
    ("open>2h", "a job still open so long after it began"),
    ("by:18:00", "a job still open at this time of day, or at an ISO time"),
    (
        'says:"disk (full|quota)"',
        "a message matches this pattern; level:warning, or worse",
    ),
    ('step:"QA review" fails', "a step, by its id or a part of its title: ends, fails, starts, waits, open>"),
    ('cause:"no route to"', "a job fails for this cause, ids and numbers left out; alike>5, or so many do"),
    ("job:SOURCE:ID[#STEP]", "this job or step and no other"),
    ("state:held source:prod", "any other word is the filter of the list: when a job comes to pass it"),
    (
        "-> bell,notify,run:NAME",
        "what to do: ring, notify, run a command; unless said: bell,notify",
    ),
)
"""What a rule may say, and what it means, for every help."""

BRIEF = (
    ("ends fails stalls starts", "when a job does"),
    ("open>2h  by:18:00", "when it is still open then"),
    ('says:"disk (full|quota)"', "a message matches; level:warning"),
    ('step:"QA review" fails', "or ends, starts, waits, open>10m"),
    ('cause:"no route"  alike>5', "failures of one cause, or many"),
    ("state:held source:prod", "the filter: which jobs; alone: when"),
    ("-> bell,notify,run:NAME", "what to do; unless said: bell,notify"),
)
"""The same for a small dialog."""
