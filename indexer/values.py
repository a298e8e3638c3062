"""Parse URLs and numbers from untrusted text without raising exceptions."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

MOST_DIGITS = 18  # of a plausible number; Python refuses to convert more than 4,300 digits
LONGEST_URL = 8_000  # characters; servers accept about 8,190, and the longest in 961 real issues has 281
NOTHING = urlsplit("")


def parts_of_url(url: str) -> SplitResult:
    """Split a URL into its parts; all are empty for an invalid one such as http://[::1."""
    try:
        return urlsplit(url)
    except ValueError:
        return NOTHING


def is_url(text: str) -> bool:
    """Return whether a text is a valid URL, absolute or relative, that is not too long for browsers and servers."""
    if len(text) > LONGEST_URL:
        return False
    try:
        urlsplit(text)
    except ValueError:
        return False
    return True


def whole_number(digits: str) -> int | None:
    """Convert digits to a number; None if they are not a number or too many."""
    digits = digits.strip()
    return int(digits) if digits.isdecimal() and len(digits) <= MOST_DIGITS else None
