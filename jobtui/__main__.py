"""``python -m jobtui`` is the same as ``jobtui``."""

from jobtui.cli.main import run

if __name__ == "__main__":
    run()
