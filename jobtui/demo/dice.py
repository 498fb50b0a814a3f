"""Seeded chance: one generator per job, so that touching one job never moves another."""

import hashlib
from random import Random


def dice_for(seed: int, *parts: object) -> Random:
    """Make the generator that belongs to these parts; the same parts always give the same throws."""
    return Random(":".join(str(part) for part in (seed, *parts)))


def token_for(seed: int, *parts: object, length: int = 32) -> str:
    """Make a stable id of up to 64 hexadecimal digits."""
    text = ":".join(str(part) for part in (seed, *parts))
    return hashlib.sha256(text.encode()).hexdigest()[:length]
