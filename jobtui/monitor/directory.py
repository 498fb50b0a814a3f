"""Which sources there are, what can be asked of them, and which job a person's text means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from jobtui.backends.base import Backend
from jobtui.errors import RefError, UsageError
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

    def _target_of_address(self, address: str) -> Target:
        for backend in self.backends.values():
            if (target := backend.target_of(address)) is not None:
                return target
        raise RefError(f"“{address}” is not an address of a job of any configured source")
