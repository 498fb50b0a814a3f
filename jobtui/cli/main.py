"""The command line's front door: argv in, exit code out, whatever happens between.

All that it needs is loaded where it is needed: the last screen is to be on the terminal first.
"""

from __future__ import annotations

import os
import sys

from jobtui import collecting, snapshot

TYPE_CHECKING = False  # as in typing, which takes long to load
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import FrameType
    from typing import NoReturn

    from jobtui.cli.output import Output
    from jobtui.cli.parse import Command
    from jobtui.errors import JobtuiError

    Run = Callable[[Command, Output], int]


def run() -> NoReturn:
    """Run the command line of this process."""
    try:
        collecting.begin()
        snapshot.begin(sys.argv[1:])
        _run()
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        snapshot.give_back()


def _run() -> NoReturn:
    import threading

    # What fails unseen is written over the screen by Python, with texts that may hold secrets.
    threading.excepthook = lambda failed: _fails_unseen(failed.exc_value)
    sys.unraisablehook = lambda failed: _fails_unseen(failed.exc_value)
    _end_as_interrupted()
    sys.exit(main())


def _end_as_interrupted() -> None:
    """Take it for an interrupt when the session ends or somebody ends us: what is pending is still written.

    What whoever started us wants ignored (``nohup``) stays ignored.
    """
    import signal

    for number in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _interrupt)


def _interrupt(_number: int, frame: FrameType | None) -> None:
    import signal

    for number in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
        signal.signal(number, signal.SIG_IGN)  # a shell that ends says so twice; once is enough
    interrupt = signal.getsignal(signal.SIGINT)
    if not callable(interrupt):
        raise KeyboardInterrupt
    interrupt(signal.SIGINT, frame)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line; gives the exit code and raises nothing."""
    try:
        return _main(sys.argv[1:] if argv is None else argv)
    except BrokenPipeError:
        return _reader_left()
    except KeyboardInterrupt:
        return 130
    except BaseException as error:  # noqa: BLE001 - whatever it is, Python would write out what it holds
        return _crashed(error, "(none)", _complain)


def _main(argv: Sequence[str]) -> int:
    from jobtui.cli import parse
    from jobtui.errors import UsageError

    try:
        command = parse.parse(argv)
    except UsageError as error:
        _complain(str(error))
        return 2
    except SystemExit as done:
        # --help and --version have printed what they have to.
        return int(done.code or 0)
    try:
        return _carry_out(command)
    except KeyboardInterrupt:
        return 130


def _carry_out(command: Command) -> int:
    # Deferred for start-up: --help and --version need none of it.
    from jobtui.cli import crash, exits
    from jobtui.cli.output import CannotWrite, abandon, output_for
    from jobtui.display import wants_lines
    from jobtui.errors import JobtuiError

    options = command.options
    options.accessible = options.accessible or wants_lines(os.environ)
    out = output_for(
        as_json=getattr(options, "json", False),
        no_color=options.no_color or options.accessible,
        ascii_only=options.ascii,
    )
    log_file: crash.LogFile | None = None
    try:
        log_file = crash.keep_log()
        runs = _runner(command.name)
        collecting.go_on()
        return int(runs(command, out))
    except CannotWrite as error:
        abandon(sys.stdout)
        out.say(str(error))
        return int(exits.Exit.USAGE)
    except JobtuiError as error:
        for sentence in _sentences(error):
            out.say(sentence)
        return int(exits.of_error(error))
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - the one clear sentence of a crash; the report has the rest
        return _crashed(error, command.name, out.say)
    finally:
        if log_file is not None:
            crash.drop_log(log_file)


def _crashed(error: BaseException, command: str, say: Callable[[str], None]) -> int:
    from jobtui.cli import crash, exits

    report = crash.write_report(error, command)
    kept = f"; what is known of it is in {report}" if report else ""
    say(f"jobtui itself failed ({type(error).__name__}); this is a bug{kept}")
    return int(exits.Exit.CRASH)


def _fails_unseen(error: BaseException | None) -> None:
    """Note in the log what failed in a thread, or while something was cleared away."""
    import logging

    log = logging.getLogger("jobtui")
    # Without a log file logging would write it on the screen, texts and all.
    if error is not None and not isinstance(error, SystemExit) and log.hasHandlers():
        log.error("failed unseen", exc_info=error)


def _runner(name: str) -> Run:
    """Find what carries out a command; each part is loaded only when it is asked for (start-up)."""
    from jobtui.cli.options import CONTROLS
    from jobtui.errors import UsageError

    if name in CONTROLS:
        from jobtui.cli.control import control

        return control
    if name in ("ls", "show", "logs"):
        from jobtui.cli import read

        return {"ls": read.ls, "show": read.show, "logs": read.logs}[name]
    if name == "audit":
        from jobtui.cli import audit

        return audit.audit
    if name in ("watch", "wait"):
        from jobtui.cli import watch

        return watch.watch
    if name == "handoff":
        from jobtui.cli import handoff

        return handoff.handoff
    if name == "doctor":
        from jobtui.cli import doctor

        return doctor.doctor
    if name == "reset-terminal":
        from jobtui.cli import reset

        return reset.reset_terminal
    if name == "journal":
        from jobtui.cli import journal

        return journal.journal
    if name == "source":
        from jobtui.cli import sources

        return sources.source
    if name in ("config", "add", "forget"):
        from jobtui.cli import setup

        return {"config": setup.config, "add": setup.add, "forget": setup.forget}[name]
    if name == "completion":
        from jobtui.cli import completion

        return completion.completion
    if name == "theme":
        from jobtui.cli import themes

        return themes.theme
    if name in ("screen", "open", "demo"):
        from jobtui.cli import demo, open, screen  # noqa: A004 - the command's own name

        return {"screen": screen.screen, "open": open.open_ref, "demo": demo.demo}[name]
    raise UsageError(f"“jobtui {name}” is not in this version")


def _sentences(error: JobtuiError) -> list[str]:
    """Say an error, and whose it is where the text does not tell; of a configuration all that is wrong."""
    from jobtui.config import WrongConfig
    from jobtui.errors import BackendError

    text = str(error)
    if isinstance(error, WrongConfig):
        return [str(each) for each in error.errors]
    if isinstance(error, BackendError) and error.source not in text:
        return [f"{error.source}: {text}"]
    return [text]


def _complain(text: str) -> None:
    from jobtui.cli.output import abandon, refuse_no_character
    from jobtui.text import plain

    snapshot.give_back()
    refuse_no_character(sys.stderr)
    try:
        sys.stderr.write(plain(text, limit=2_000) + "\n")
    except OSError:
        abandon(sys.stderr)


def _reader_left() -> int:
    """End quietly when whoever read our output has gone (``| head``)."""
    from jobtui.cli.output import abandon

    abandon(sys.stdout)
    return 0
