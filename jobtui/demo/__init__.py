"""Three pretend services over real HTTP and websocket, for the demo and for tests."""

from jobtui.demo.clock import ManualClock
from jobtui.demo.options import Options, parse_options
from jobtui.demo.process import run
from jobtui.demo.server import DemoServer
from jobtui.demo.world import World

__all__ = ["DemoServer", "ManualClock", "Options", "World", "parse_options", "run"]
