"""Every error jobtui raises on purpose, in one tree.

JobtuiError
├── UsageError             the person asked for something that cannot be asked (exit 2)
│   ├── RefError           not a ref, an address or an id we can place
│   └── ConfigError        names file, line, key and the nearest valid key
├── CredentialError        a token could not be had from where the config says it is (exit 4)
├── JournalError           the journal cannot be read or written
└── BackendError           a source did not give what was asked; carries the source's name
    ├── Unreachable        no connection could be made, so nothing was sent (exit 3)
    ├── LostAnswer         something was sent and no whole answer came back (exit 3, or 7 for a control)
    ├── ServerTrouble      5xx (exit 3, or 7 for a control)
    ├── RateLimited        429; says for how long (exit 3)
    │   └── TooManyJobs    as many jobs run as may run at once; says which
    ├── UnexpectedReply    an answer we cannot read (exit 3, or 7 for a control)
    │   └── NoSuchAddress  404 with a web page: something else than the API answers there
    ├── SignInRefused      401, or 498/499 in a body (exit 4)
    ├── Forbidden          403 (exit 4)
    ├── NoSuchJob          404 (exit 5)
    └── RequestRefused     400, 409, 422 and other 4xx (exit 6 for a control)
"""

from __future__ import annotations


class JobtuiError(Exception):
    """The root: its text is one clear sentence for a person, free of secrets and control codes."""


class UsageError(JobtuiError):
    """The request itself is at fault; nothing was sent."""


class RefError(UsageError):
    """A text names no job or step of a configured source."""


class ConfigError(UsageError):
    """A configuration file is wrong; the text says where and what would be right."""

    def __init__(self, text: str, *, line: int = 0) -> None:
        super().__init__(text)
        self.line = line
        """Where in the file, as the text says it; 0 where it is about the whole of it."""


class CredentialError(JobtuiError):
    """A token or password is not where the configuration says it is."""


class JournalError(JobtuiError):
    """The journal cannot be opened, read or written."""


class BackendError(JobtuiError):
    """A source did not give what was asked."""

    def __init__(self, source: str, text: str) -> None:
        super().__init__(text)
        self.source = source
        """The name the user gave to the source."""

    @property
    def is_of_one_job(self) -> bool:
        """Whether another job of the source may well be readable all the same."""
        return isinstance(self, Forbidden | NoSuchJob | RequestRefused | UnexpectedReply)


class Unreachable(BackendError):
    """No connection could be made: nothing was sent."""


class LostAnswer(BackendError):
    """The request may have arrived; no whole answer came back (time-out, connection lost)."""


class ServerTrouble(BackendError):
    """The server answered 5xx."""

    def __init__(self, source: str, text: str, *, status: int) -> None:
        super().__init__(source, text)
        self.status = status

    @property
    def is_of_one_job(self) -> bool:
        """A server that stumbles over one record says 500; what says more stands before all records."""
        return self.status == 500


class RateLimited(BackendError):
    """The server answered 429."""

    def __init__(self, source: str, text: str, *, retry_after_s: float | None) -> None:
        super().__init__(source, text)
        self.retry_after_s = retry_after_s
        """Seconds the server asks us to wait, or None when it does not say."""


class TooManyJobs(RateLimited):
    """As many jobs run as the server allows at once."""

    def __init__(
        self, source: str, text: str, *, retry_after_s: float | None, current_job_ids: tuple[str, ...]
    ) -> None:
        super().__init__(source, text, retry_after_s=retry_after_s)
        self.current_job_ids = current_job_ids
        """The jobs that run, each once, harmless to show: ids that can be watched."""


class UnexpectedReply(BackendError):
    """The answer is not what this API promises, and cannot be read."""


class NoSuchAddress(UnexpectedReply):
    """A 404 that is a web page: of a gateway, or of a server that has nothing of the API at this address."""


class SignInRefused(BackendError):
    """The credential is missing, wrong or no longer valid."""


class Forbidden(BackendError):
    """Signed in, but not allowed."""


class NoSuchJob(BackendError):
    """The server does not know this job, or no longer does."""


class RequestRefused(BackendError):
    """The server understood and said no (400, 409, 422, other 4xx)."""

    def __init__(self, source: str, text: str, *, status: int) -> None:
        super().__init__(source, text)
        self.status = status
