"""The ready configuration file of a running demo."""

import json
import os
from pathlib import Path

Sources = dict[str, dict[str, str]]


def config_text(sources: Sources) -> str:
    """Write the TOML: three sources with literal tokens, so the file has to be private."""
    tiles, desk, field = (sources[kind] for kind in ("nextspace", "zendesk", "arcgis"))
    field_url = "/".join((field["base_url"], field["org"], field["item"]))
    tables = {
        "tiles": {"kind": "nextspace", "url": tiles["base_url"], "token": tiles["token"]},
        "desk": {"kind": "zendesk", "url": desk["base_url"], "email": desk["email"], "token": desk["token"]},
        "field": {"kind": "arcgis", "url": field_url, "user": field["user"], "token": field["token"]},
    }
    lines = ["version = 1"]
    for name, table in tables.items():
        # A JSON string of plain characters is a TOML string too.
        lines += ["", f"[sources.{name}]", *(f"{key} = {json.dumps(value)}" for key, value in table.items())]
    return "\n".join(lines) + "\n"


def write_config(path: Path, sources: Sources) -> Path:
    """Write the file so that only its owner can read it, from its first byte on."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(config_text(sources))
    return path
