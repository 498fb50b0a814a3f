"""The configuration: TOML in, frozen values or errors with file, line and key out."""

from jobtui.config.bindings import WantedKeys, wanted_keys
from jobtui.config.explain import explain
from jobtui.config.faults import faults_of
from jobtui.config.load import load
from jobtui.config.shape import BrokenSource, Config, ConfiguredSource, NoConfig, Setting, WrongConfig
from jobtui.config.template import TEMPLATE, write_initial

__all__ = [
    "TEMPLATE",
    "BrokenSource",
    "Config",
    "ConfiguredSource",
    "NoConfig",
    "Setting",
    "WantedKeys",
    "WrongConfig",
    "explain",
    "faults_of",
    "load",
    "wanted_keys",
    "write_initial",
]
