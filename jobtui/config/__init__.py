"""The configuration: TOML in, frozen values or errors with file, line and key out."""

from jobtui.config.explain import explain
from jobtui.config.load import load
from jobtui.config.shape import BrokenSource, Config, ConfiguredSource, NoConfig, Setting
from jobtui.config.template import TEMPLATE, write_initial

__all__ = [
    "TEMPLATE",
    "BrokenSource",
    "Config",
    "ConfiguredSource",
    "NoConfig",
    "Setting",
    "explain",
    "load",
    "write_initial",
]
