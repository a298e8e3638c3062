"""Commits, and the keys for comparing them with patches: subjects, people and message ids."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

PREFIXES = re.compile(r"^(?:\s*+(?:\[[^\]]*+\]|(?:re|fwd?|rfc):))*+", re.I)
# A version or the number of a pull request at the end: "(v2)", ", v2", "(#1234)".
ENDING = re.compile(r"(?<!\s)\s*+(?:\((?:#\d+|v\d{1,2})\)|,\s*+v\d{1,2})[\s.]*+$", re.I)
# Mail folding adds and removes blanks, and editors change quotes and hyphens, so all are ignored.
DROPPED = dict.fromkeys(map(ord, " \t\r\n\f\v\"'`-\u00a0\u2018\u2019\u201c\u201d"))
BACKPORT = re.compile(r"^(?:commit [0-9a-f]{12,64} upstream\b|\[ ?Upstream commit [0-9a-f]{12,64} ?\])", re.M | re.I)
REVERTED = re.compile(r"\bThis reverts\s+commit\s+(?P<commit>[0-9a-f]{8,64})")
REVERT_OF = re.compile(r'^(?:Revert|Reapply) "(?P<subject>.+)"$')
REAPPLY = 'Reapply "'  # git revert writes this for 'Revert "Revert "' since 2.43
SIGNED = re.compile(r"^[ \t]*(?:Signed-off|Co-developed|Co-authored)-by:\s*(?P<name>[^<\n]+?)\s*(?:<|$)", re.M | re.I)
SAYS = re.compile(r"^[ \t]*(?P<name>\S[^\n]{0,80}?) says:?\s*$", re.M)
TRAILER = re.compile(r"^[ \t]*(?:Link|Message-Id|Patchwork-Id):\s*(?P<value>\S+)", re.M | re.I)
# A message id has digits before its @; a list address such as netdev@vger.kernel.org has none.
MESSAGE_ID = re.compile(r"(?<![^\s/<>=?&@])(?P<id>(?=[^\s/<>=?&@]*\d)[^\s/<>=?&@]{6,}@[^\s/<>=?&@]*[a-z0-9])", re.I)
REVISION = re.compile(r"^[ \t]*(?:git-svn-id: \S+@|llvm-svn: )(?P<revision>\d+)", re.M)
# The scopes before the words of a subject, in the form of `subject_key`: "bpf:", "net:xdp:", "bpf,x86:".
SCOPES = re.compile(r"^(?:[a-z0-9_.,/+*{}()-]{1,40}:)+")
FEWEST = 6  # minimum characters of a subject to compare it without its scopes
DISTINCTIVE = 12  # characters that make a subject unique without its scopes
CUT = ("...", "\N{HORIZONTAL ELLIPSIS}")
UMLAUT = re.compile(r"([aou])e")  # "Toepel" is "Töpel" written without accents
# Letters that Unicode does not decompose.
LATIN = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "ß": "ss", "æ": "ae", "Æ": "Ae", "œ": "oe"}
)
REVISION_OF_TITLE = re.compile(r"\br(?P<revision>\d{5,7})\b")


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit; `names` are its author's names, `release` is "" if no release contains it, or it is not known which.

    `latest` is the first known release that contains it. `committer` is "" if it is not known. Times are seconds since
    1970.
    """

    id: str
    release: str
    names: tuple[str, ...]
    authored: int
    committed: int
    merge: bool
    subject: str
    message: str
    committer: str = ""
    latest: str = ""


def bare_subject(text: str) -> str:
    """Return a subject without leading tags, an ending such as "(v2)", case and accents."""
    match = PREFIXES.match(text)
    bare = text[match.end() :] if match else text
    if bare.rstrip(" .)")[-1:].isdigit():
        bare = ENDING.sub("", bare)
    return (bare if bare.isascii() else without_accents(bare)).casefold()


def subject_key(text: str) -> str:
    """Return the comparison key of a subject, without leading tags, blanks, quotes, hyphens, case and accents."""
    return bare_subject(text).translate(DROPPED).rstrip(".")


def words_key(key: str) -> str:
    """Return a subject's key without its scopes, which maintainers change; "" if the rest is too short."""
    words = SCOPES.sub("", key)
    return words if len(words) >= FEWEST else ""


def same_scopes(one: str, other: str) -> bool:
    """Return whether the scopes of two keys differ only in precision: "bpf:" and "bpf,x86:"."""
    first, second = scopes(one), scopes(other)
    return first <= second or second <= first


def may_be_rescoped(one: str, other: str) -> bool:
    """Return whether one scope may have replaced another: not mlx5 for mlx4, and not in short subjects."""
    first, second = ({re.sub(r"\d+", "", scope) for scope in scopes(key)} for key in (one, other))
    numbered = (first & second) - (scopes(one) & scopes(other))
    return not numbered and len(words_key(one)) >= DISTINCTIVE


def scopes(key: str) -> set[str]:
    match = SCOPES.match(key)
    return set(re.findall(r"[a-z0-9]+", match[0])) if match else set()


def is_cut(subject: str) -> bool:
    """Return whether a subject ends in an ellipsis."""
    return subject.rstrip().endswith(CUT)


def without_accents(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.translate(LATIN))
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


def name_parts(name: str) -> tuple[str, ...]:
    """Return the parts of a person's name, first name first: "Fastabend, John R" is john, r, fastabend.

    Accents are removed, and so is an e that replaces one.
    """
    bare = re.sub(r"(?s)\([^()]*\)|(?<!\s)\s++via\s.*|<.*", "", name).strip().strip("\"'")
    last, comma, first = bare.partition(",")
    turned = f"{first} {last}" if comma else bare
    plain = UMLAUT.sub(r"\1", without_accents(turned).casefold())
    return tuple(part for part in re.split(r"[\s.]+", plain) if part)


def same_person(one: str, other: str) -> bool:
    """Return whether two names belong to one person: they are equal, ignoring middle names."""
    first, second = name_parts(one), name_parts(other)
    if not first or not second:
        return False
    if first == second or sorted(first) == sorted(second):
        return True
    return min(len(first), len(second)) > 1 and (first[0], first[-1]) == (second[0], second[-1])


def signers(message: str) -> list[str]:
    """Return the people who signed off a commit or helped to write it."""
    return [match["name"] for match in SIGNED.finditer(message)]


def mail_ids(addresses: Iterable[str]) -> Iterator[str]:
    """Yield the comparison keys of mail URLs: the message id if the URL has it, or else the page."""
    for address in map(unquote, addresses):
        if match := MESSAGE_ID.search(address):
            yield match["id"].casefold()
        elif "//" in address:
            parts = urlsplit(address)
            page = f"{parts.netloc.removeprefix('www.')}{parts.path.rstrip('/')}"
            yield f"{page}?{parts.query}" if parts.query else page


def trailers(message: str) -> Iterator[str]:
    """Yield the mail URLs and message ids in a commit's trailers."""
    return (match["value"] for match in TRAILER.finditer(message))
