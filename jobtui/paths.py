"""Where configuration, journal and logs live: computes paths, creates nothing.

The journal follows the configuration. The user's own configuration has the user's own journal; every other
one (``--config``, ``JOBTUI_CONFIG``: a demo, a colleague's file) has a journal of its own, so that what was
seen of a pretend ``desk`` never mixes with the real one. That journal is in a folder ``jobtui-state`` beside
the configuration when the user made one there (it then goes when the folder goes), else in the state folder
under a short hash of the configuration's real path.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

CONFIG_VARIABLE = "JOBTUI_CONFIG"
"""The environment variable that names a configuration file."""

LOCAL_STATE = "jobtui-state"
"""A folder of this name beside a configuration keeps its journal."""


def config_folder() -> Path:
    """Give the user's configuration folder."""
    # Deferred for start-up: commands that name their files do without it.
    import platformdirs

    return Path(platformdirs.user_config_dir("jobtui", appauthor=False))


def state_folder() -> Path:
    """Give the user's state folder, for journals and logs."""
    # Deferred for start-up, as above.
    import platformdirs

    return Path(platformdirs.user_state_dir("jobtui", appauthor=False))


def default_config_file() -> Path:
    """Give the configuration file that is read when nobody names one."""
    return config_folder() / "config.toml"


def config_file(given: str | os.PathLike[str] | None = None) -> Path:
    """Give the configuration file: the one given, else the one ``JOBTUI_CONFIG`` names, else the default."""
    named = os.fspath(given) if given is not None else os.environ.get(CONFIG_VARIABLE, "")
    return Path(os.path.expanduser(named)) if named else default_config_file()


def config_origin(given: str | os.PathLike[str] | None = None) -> str:
    """Say why ``config_file`` gives the file that it gives."""
    if given is not None and os.fspath(given):
        return "--config"
    return CONFIG_VARIABLE if os.environ.get(CONFIG_VARIABLE) else "the default place"


def is_default(config: Path) -> bool:
    """Say whether a configuration file is the user's own, by whatever name it is reached."""
    return os.path.realpath(config) == os.path.realpath(default_config_file())


def keys_file(config: Path) -> Path:
    """Give the key bindings that go with a configuration."""
    return config.parent / "keys.toml"


def themes_folder(config: Path) -> Path:
    """Give the folder of the user's own themes, beside the configuration."""
    return config.parent / "themes"


def journal_file(config: Path) -> Path:
    """Give the journal that goes with a configuration."""
    if is_default(config):
        return state_folder() / "journal.db"
    real = os.path.realpath(config)
    local = Path(real).parent / LOCAL_STATE
    if _is_ours(local):
        return local / "journal.db"
    digest = hashlib.sha256(os.fsencode(real)).hexdigest()[:12]
    return state_folder() / "journals" / f"{digest}.db"


def layout_file(config: Path) -> Path:
    """Give the file of columns and views that goes with a configuration: beside its journal."""
    return journal_file(config).with_suffix(".layout.json")


def rules_file(config: Path) -> Path:
    """Give the file of the rules armed at the screen that goes with a configuration: beside its journal."""
    return journal_file(config).with_suffix(".rules.json")


def log_folder() -> Path:
    """Give the folder of logs and crash reports."""
    return state_folder() / "logs"


def _is_ours(folder: Path) -> bool:
    """Whether a folder is there and the user's own: nobody else may say where a journal goes."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    return folder.is_dir() and not folder.is_symlink() and found.st_uid == os.getuid()
