"""Read addresses and numbers out of texts by others, without an exception for any text."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

MOST_DIGITS = 18  # of a number that means anything; Python refuses to convert more than 4,300
NOTHING = urlsplit("")


def parts_of_url(url: str) -> SplitResult:
    """Return the parts of an address, all of them empty for what is none, such as http://[::1."""
    try:
        return urlsplit(url)
    except ValueError:
        return NOTHING


def is_url(text: str) -> bool:
    """Return whether a text can be taken apart as an address, absolute or not."""
    try:
        urlsplit(text)
    except ValueError:
        return False
    return True


def whole_number(digits: str) -> int | None:
    """Return the number that some digits are, None for what is no number or has too many digits to be meant."""
    digits = digits.strip()
    return int(digits) if digits.isdecimal() and len(digits) <= MOST_DIGITS else None
