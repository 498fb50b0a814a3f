"""Says which values are in force and where each comes from."""

from __future__ import annotations

from jobtui.config.shape import Config, Setting


def explain(config: Config) -> list[Setting]:
    """List every value in force, in the order of the file, secrets masked; broken sources are left out."""
    raise NotImplementedError
