"""A source that somebody types in: proven at its server, then written, its token where nobody else reads."""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
from pathlib import Path

from msgspec.structs import replace

from jobtui.backends.base import Connection, Identity
from jobtui.backends.registry import make_backend
from jobtui.config import Config, ConfiguredSource
from jobtui.config.adding import Value, judged, refuse_taken, source_text, write_source, write_token
from jobtui.credentials import SecretPlace, Way
from jobtui.errors import ConfigError, LostAnswer
from jobtui.model import Kind
from jobtui.text import plain
from jobtui.tui.drafts import Draft, TokenWay

_PROVE_WITHIN_S = 20.0
_KEYRING = "keyring"


class NewSource:
    """Sets one source up in a configuration file that may not be there yet."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def path(self) -> str:
        """Where it would be written, harmless to show."""
        return plain(str(self._path))

    @property
    def keeps(self) -> str:
        """Where a token that was typed would be kept, in words."""
        return "the keyring" if _has_keyring() else "a file that only you can read"

    async def prove(self, draft: Draft) -> str:
        """Ask the server who we are; gives a greeting in one sentence. Raises JobtuiError."""
        entry = self._judged(draft, self._promised(draft))
        # Had first: what is wrong with it is no word of the server's.
        token = draft.token or await self._connection(entry).secrets["token"]()
        entry = replace(entry, secrets={"token": SecretPlace(Way.LITERAL, literal=token)})
        backend = make_backend(entry.source, self._connection(entry))
        try:
            async with asyncio.timeout(_PROVE_WITHIN_S):
                identity = await backend.identity()
        except TimeoutError:
            late = f"{entry.name} has not answered within {_PROVE_WITHIN_S:g} s"
            raise LostAnswer(entry.name, late) from None
        finally:
            await backend.aclose()
        return greeting(entry, identity)

    async def write(self, draft: Draft) -> str:
        """Write the configuration; gives one sentence on what was written where. Raises JobtuiError."""
        self._judged(draft, self._promised(draft))
        where = await asyncio.to_thread(self._keep, draft)
        write_source(self._path, draft.name, self._text(draft, where))
        kept = f"; the token is in {plain(next(iter(where.values())))}" if "file" in where else ""
        return f"wrote {self.path}{kept}"

    def _connection(self, entry: ConfiguredSource) -> Connection:
        return Config(self._path, sources=(entry,)).connection(entry.name)

    def _judged(self, draft: Draft, where: dict[str, str]) -> ConfiguredSource:
        """Refuse what could not be written, before a server is asked and before anything is kept."""
        if draft.way is TokenWay.TYPED:
            token = draft.token.reveal() if draft.token is not None else ""
            if not token or not token.isprintable():
                raise ConfigError("a token is needed, without line breaks or control characters in it")
        entry = judged(self._path, draft.name, self._text(draft, where))
        refuse_taken(self._path, draft.name)  # another source's token is not written over
        return entry

    def _text(self, draft: Draft, where: dict[str, str]) -> str:
        return source_text(draft.name, _values(draft, where))

    def _promised(self, draft: Draft) -> dict[str, str]:
        """Say where the token will be, as the file has it; nothing is kept yet."""
        if draft.way is TokenWay.TYPED:
            return {"file": f"tokens/{draft.name}"}
        return {draft.way.value: draft.where}

    def _keep(self, draft: Draft) -> dict[str, str]:
        if draft.way is not TokenWay.TYPED:
            return {draft.way.value: draft.where}
        assert draft.token is not None  # noqa: S101 - judged before
        entry = f"{draft.kind.value}-{draft.name}"
        if _has_keyring() and _keep_in_keyring(entry, draft.token.reveal()):
            return {_KEYRING: entry}
        path = write_token(self._path.absolute().parent, draft.name, draft.token.reveal())
        return {"file": f"tokens/{path.name}"}


def greeting(entry: ConfiguredSource, identity: Identity) -> str:
    """Greet by name, and say what was found."""
    who = plain(identity.user) if identity.user else "you, whoever you are (this API does not say)"
    jobs = "" if identity.total is None else f", with {identity.total:,} jobs to watch"
    rights = f"; {plain(identity.rights)}" if identity.rights else ""
    return f"Hello, {who}. {entry.name} answers{jobs}{rights}."


def _values(draft: Draft, where: dict[str, str]) -> dict[str, Value]:
    is_account = draft.kind is Kind.NEXTSPACE and "://" not in draft.address
    values: dict[str, Value] = {
        "kind": draft.kind.value,
        "account" if is_account else "url": draft.address,
    }
    user = {Kind.ZENDESK: "email", Kind.ARCGIS: "user"}.get(draft.kind)
    if user and draft.user:
        values[user] = draft.user
    values["token"] = where
    if draft.production:
        values["production"] = True
    return values


def _has_keyring() -> bool:
    return importlib.util.find_spec(_KEYRING) is not None


def _keep_in_keyring(entry: str, token: str) -> bool:
    """Put a token into the keyring; False where there is none that works, as on most servers."""
    keyring = importlib.import_module(_KEYRING)
    try:
        keyring.set_password("jobtui", entry, token)
    except keyring.errors.KeyringError:
        return False
    return True
