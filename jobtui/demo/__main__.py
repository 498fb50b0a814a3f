"""`python -m jobtui.demo`."""

import sys

from jobtui.demo.options import parse_options
from jobtui.demo.process import run

if __name__ == "__main__":
    sys.exit(run(parse_options()))
