"""Control characters: those that a terminal or browser interprets instead of displaying."""

from __future__ import annotations

import re

CONTROLS = tuple(code for code in (*range(32), *range(0x7F, 0xA0)) if code not in (0x09, 0x0A))
BIDI = (
    *range(0x202A, 0x202F),
    *range(0x2066, 0x206A),
)  # embeddings, overrides and isolates, which reorder the surrounding text
SURROGATES = range(0xD800, 0xE000)  # half a character, which cannot be encoded; also an invalid byte of a file's name
INTERPRETED = re.compile(f"[{''.join(re.escape(chr(code)) for code in (*CONTROLS, *BIDI))}]")
UNPRINTABLE = re.compile(f"{INTERPRETED.pattern}|[{chr(SURROGATES[0])}-{chr(SURROGATES[-1])}]")
SHOWN = "\ufffd"


def visible(text: str) -> str:
    """Replace each control character and invalid byte in a text by U+FFFD."""
    return UNPRINTABLE.sub(SHOWN, text)
