"""Words that no server should say and some do."""

from __future__ import annotations

_SETTINGS = r"""
"x" | "" | "arcgis" | "zendesk" | "nextspace" | "https://h.example/o/i" | "http://[::1]:8080" | "5s" | "-1s"
"https://u:p@h" | "999999999d" | "query" | "bearer" | "oauth" | "password" | "~/x" | "\u0000" | "\u202e" | "a"
true | false | 0 | -1 | 5 | 999999999999999999999999999999 | nan | -inf | 2026-11-23T08:00:00Z | 1:00
[] | ["x"] | {} | { env = "X" } | { env = "" } | { env = "X", file = "y" } | { file = "~/x" }
{ keyring = 1 } | { command = ["x"] } | 1e400 | { command = "'" }
"""
SETTINGS = tuple(_SETTINGS.strip().replace("\n", " | ").split(" | "))
"""Values of TOML, at the right places and at wrong ones."""

_TEXTS = r"""
null true NaN -Infinity 1e999 -0.0 1.5 -1 {} \ud800 \u0000 " ' \ , : [ ] { } # % ! = / .. %2F..%2f 99:99 +0s
0001-01-01T00:00:00+23:59 9999-12-31T23:59:59-23:59 ٣ Ⅻ ß İ
"""
_INVISIBLE = "\u202e\u200b\u0301\u2028\ufeff\U0001f1e6\U000e0001\u1160"
STRANGE = (
    *(
        text.encode()
        for text in (
            *_TEXTS.split(),
            _INVISIBLE,
            "9" * 400,
            "[" * 90,
            '{"a":' * 90,
            "\x1b[2J",
            "\r\n",
            "\t",
            " ",
            "\0",
        )
    ),
    *(b"\xff", b"\x9b", b"\xc0\x80", b"\xed\xa0\x80", b"\xef\xbb\xbf"),
)
"""Bytes for any place."""

WIDE = tuple(
    text.encode("utf-16-le", "surrogatepass")
    for text in ("\ud800", "\udc00", *_INVISIBLE, "\u0301" * 9, "\r\n", "\t", "\x9b", "\u1161", "x" * 300)
)
"""The same for the door of all text, which is fuzzed in characters of two bytes."""
