"""Which sources there are, what can be asked of them, and which job a person's text means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from jobtui.backends.address import shown
from jobtui.backends.base import Backend, Locating
from jobtui.backends.naming import Named
from jobtui.errors import BackendError, RefError, UsageError
from jobtui.model import Control, JobRef, Source, Target, parse_ref
from jobtui.monitor.store import Store


class Directory:
    """The configured sources by name: the good with their backends, the broken with their faults."""

    def __init__(
        self, sources: Sequence[Source], backends: Mapping[str, Backend], broken: Mapping[str, str]
    ) -> None:
        self.sources = {source.name: source for source in sources}
        self.backends = dict(backends)
        self.broken = dict(broken)

    def source(self, name: str) -> Source:
        """Raises UsageError: what is wrong with a broken source, or the nearest name when there is none."""
        if name in self.sources:
            return self.sources[name]
        if name in self.broken:
            raise UsageError(self.broken[name])
        near = get_close_matches(name, self.sources, 1, 0.4)
        hint = f"; did you mean “{near[0]}”?" if near else f"; there are: {', '.join(self.sources) or 'none'}"
        raise UsageError(f"no source is named “{name}”{hint}")

    def controls(self, source: str) -> frozenset[Control]:
        """What jobs of a source can ever be asked to do."""
        backend = self.backends.get(source)
        return backend.controls if backend is not None else frozenset()

    def target_of(self, text: str, store: Store) -> Target:
        """Read a ref, an address of a source, or a bare id that only one source can mean.

        Raises RefError, and UsageError for an unknown source.
        """
        text = text.strip()
        if "://" in text:
            return self._target_of_address(text)
        prefix, colon, _ = text.partition(":")
        if colon and (prefix in self.sources or prefix in self.broken):
            return parse_ref(text)
        owners = sorted({job.ref.source for job in store if job.ref.job_id == text})
        if len(owners) != 1 and len(self.sources) == 1:
            owners = list(self.sources)
        if len(owners) == 1 and text:
            return JobRef(owners[0], text)
        if colon:
            self.source(prefix)
        names = ", ".join(self.sources) or "none is configured"
        if len(owners) > 1:
            names = ", ".join(owners)
            raise RefError(f"“{text}” is a job of several sources ({names}); write SOURCE:{text}")
        raise RefError(f"“{text}” is no job known here; write SOURCE:JOB-ID with a source of these: {names}")

    def place(self, named: Named, store: Store) -> JobRef:
        """Say which job a document names: of the source that its address belongs to, or else of the only one
        of its kind that can mean it. Raises RefError."""
        owners = [name for name, source in self.sources.items() if source.kind is named.kind]
        if len(owners) > 1:
            owners = self._told_apart(owners, named, store)
        if len(owners) == 1:
            return JobRef(owners[0], named.text)
        if not owners:
            raise RefError(f"“{named.text}” is a job of {named.kind}, and no source here is of that kind")
        raise RefError(
            f"“{named.text}” could be of several sources ({', '.join(owners)}); "
            f"name one with --source, or write SOURCE:{named.text}"
        )

    async def locate(self) -> list[str]:
        """Have sources whose address is still to be looked up do so; gives what went wrong, in sentences."""
        failed = []
        for name, backend in self.backends.items():
            if isinstance(backend, Locating):
                try:
                    await backend.locate()
                except BackendError as error:
                    failed.append(f"where {name} is could not be looked up: {error}")
        return failed

    def _told_apart(self, owners: Sequence[str], named: Named, store: Store) -> list[str]:
        """Narrow the sources of a kind by the address that was named, or else by what is known of the id."""
        address = named.address or ""
        at = [name for name in owners if name in self.backends and self.backends[name].target_of(address)]
        known = [name for name in owners if store.get(JobRef(name, named.text)) is not None]
        return at or known or list(owners)

    def _target_of_address(self, address: str) -> Target:
        for backend in self.backends.values():
            if (target := backend.target_of(address)) is not None:
                return target
        raise RefError(f"“{shown(address)}” is not an address of a job of any configured source")
