"""Keys are found on their lines, however they are written."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobtui.config.places import lines_of

TRICKY = '''\
# [not.a.table]
a = """
[b]
c = 1 \\""" still
"""""
d = \'\'\'
[e]\'\'\'
[ "quoted.name" . x ]   # comment = 1
"k\\u0065y" = { one = 1, "two" = [ 1, { three = "}" } ], four.five = '}' }
list = [
  "]", # ]
  [1, 2], { inside = "#" },
  \'\'\'
  ]\'\'\',
]
when = 1979-05-27 07:32:00 # = 3
[[many]]
x = 1
[[many]]
x = 2
y = ""
'''


def test_strings_comments_and_nesting_do_not_hide_keys() -> None:
    tomllib.loads(TRICKY)
    assert lines_of(TRICKY) == {
        ("a",): 2,
        ("d",): 6,
        ("quoted.name",): 8,
        ("quoted.name", "x"): 8,
        ("quoted.name", "x", "key"): 9,
        ("quoted.name", "x", "key", "one"): 9,
        ("quoted.name", "x", "key", "two"): 9,
        ("quoted.name", "x", "key", "two", "three"): 9,
        ("quoted.name", "x", "key", "four"): 9,
        ("quoted.name", "x", "key", "four", "five"): 9,
        ("quoted.name", "x", "list"): 10,
        ("quoted.name", "x", "list", "inside"): 12,
        ("quoted.name", "x", "when"): 16,
        ("many",): 17,
        ("many", "0"): 17,
        ("many", "1"): 19,
        ("many", "x"): 18,
        ("many", "y"): 21,
    }


@pytest.mark.parametrize("text", ["", "\n", "# nothing", "a=1", "[a]", "a = 1 # x", "a.b.c = ''"])
def test_small_texts_are_read(text: str) -> None:
    assert len(lines_of(text)) == len(_paths(tomllib.loads(text)))


def test_windows_line_ends_count_as_one() -> None:
    assert lines_of("a = 1\r\n\r\nb = 2\r\n") == {("a",): 1, ("b",): 3}


_names = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), min_size=1, max_size=6)
_texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=8)


def _basic(text: str) -> str:
    return (
        '"'
        + "".join(
            f"\\U{ord(character):08x}" if character in '"\\' or not character.isprintable() else character
            for character in text
        )
        + '"'
    )


def _written(value: object) -> str:
    if isinstance(value, str):
        return _basic(value)
    if isinstance(value, list):
        return "[\n" + ",\n".join(_written(part) for part in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_basic(key)} = {_written(part)}" for key, part in value.items()) + "}"
    return str(value)


_values = st.recursive(
    st.integers(-9, 9) | _texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_names, inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(_names, st.dictionaries(_names, _values, max_size=4), max_size=4))
def test_every_key_of_any_text_is_found_where_it_was_written(tables: dict[str, dict[str, object]]) -> None:
    lines: list[str] = []
    expected: dict[tuple[str, ...], int] = {}
    for name, table in tables.items():
        lines.append(f"[{_basic(name)}]")
        expected[(name,)] = len(lines)
        for key, value in table.items():
            expected[(name, key)] = len(lines) + 1
            lines += f"{_basic(key)} = {_written(value)}".split("\n")
    text = "\n".join(lines)
    assert tomllib.loads(text) == tables
    found = lines_of(text)
    assert {path: found[path] for path in expected} == expected


def _paths(table: dict[str, object]) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for key, value in table.items():
        found.append((key,))
        if isinstance(value, dict):
            found += [(key, *rest) for rest in _paths(value)]
    return found
