"""Split text into terms: words are stemmed in their language, identifiers stay whole, and each term has a position."""

from __future__ import annotations

import itertools
import re
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from indexer.languages import ENGLISH, LANGUAGES, stemmer

COMBINING = re.compile("[\u0300-\u036f]")
CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af\uff66-\uff9f"
# No host or file name has more hyphens between two dots. The bound keeps matching linear on long runs of hyphenated
# words.
MOST_HYPHENS = 12
NUMBERED = re.compile(r"^v?(?P<version>\d+(?:\.\d+)+)(?P<rest>-.*)?$")
WITH_UNIT = re.compile(r"^(?P<number>\d+)(?P<unit>[a-z]{1,8})$")
SUB_WORD = re.compile(r"[^\W_]+")
GENITIVE = re.compile(r"'s$")
STEMMED = re.compile(r"^[^\W\d_]{4,}$")
ONLY_ENGLISH = (ENGLISH,)
IN = "\u241e"  # separates a token from its languages
MOST_STEMS = 20_000  # size of the cache of stems
MOST_CACHED = 8_000  # size of the cache of analysed words; longer ones than LONGEST_CACHED are not cached
MOST_NAMES = 2_000  # size of the caches of name parts and of the stems of words in queries
LONGEST_CACHED = 32
MOST_BRACKETS = 6  # in one name with alternatives
MOST_EXPANDED = 64  # names that a name with alternatives expands to
MOST_PARTS = 12  # of a name that are found by themselves; the longest known ones have nine
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae"})


@cache
def token_pattern(*, ascii_only: bool) -> re.Pattern[str]:
    """Return the pattern of a token. The ASCII variant matches the same in ASCII text and compiles much faster."""
    # The quantifiers are possessive: shorter runs of letters cannot match, and trying them takes most of the time.
    letters = r"\w++" if ascii_only else rf"(?:[^\W{CJK}][\u0300-\u036f]*+)++"
    hyphened = rf"{letters}(?:-{letters}){{0,{MOST_HYPHENS}}}+"
    after_apostrophe = r"[^\W\d]" if ascii_only else rf"[^\W\d{CJK}]"
    pattern = (
        rf"(?P<cjk>{'(?!)' if ascii_only else f'[{CJK}]+'})"
        rf"|\[(?P<optional>\w{{1,3}})\](?P<rest>{letters})"  # [e]BPF
        rf"|(?P<dotted>{hyphened}(?:\.{hyphened})+)"  # 4.12-rc2, lwn.net, bpf_load.c
        rf"|(?P<word>{letters}(?:['’]{after_apostrophe}+)*)(?P<call>\(\))?"
    )
    return re.compile(pattern, re.ASCII if ascii_only else re.NOFLAG)


def matches(text: str, start: int = 0, end: int = sys.maxsize) -> Iterator[re.Match[str]]:
    """Yield the matches of the tokens of a text, or of a part of it that begins and ends at spaces."""
    return token_pattern(ascii_only=text.isascii()).finditer(text, start, end)


class Term(NamedTuple):
    """A term, the position of its word, and the character offsets of the word in the text."""

    text: str
    position: int
    start: int
    end: int


class Token(NamedTuple):
    """The analysis of one token: its terms, each with its offset from the token's position.

    `steps` is the number of positions that the token takes up. `findable` are all terms that match the token,
    including those of a name's parts.
    """

    forms: tuple[tuple[int, str], ...]
    steps: int
    findable: frozenset[str]


def terms(text: str, languages: Sequence[str] = ONLY_ENGLISH) -> Iterator[Term]:
    """Yield the terms of a text in reading order. Several may share a position; the first is the word itself.

    If `languages` are several, each word has its stems in all of them.
    """
    return (term for token in tokens(text, languages) for term in token)


def tokens(text: str, languages: Sequence[str] = ONLY_ENGLISH) -> Iterator[list[Term]]:
    """Yield the terms of each token of a text. A token is a word, a host or file name, a run of Japanese, ..."""
    position, mark = 0, mark_of(languages)
    for match in matches(text):
        start, end = match.span()
        token = analysed(match[0] + mark)
        yield [Term(form, position + step, start, end) for step, form in token.forms]
        position += token.steps


def places(text: str) -> dict[str, list[int]]:
    """Return the terms of a text, each with its positions in ascending order."""
    found: dict[str, list[int]] = {}
    position = 0
    for written in matches(text):
        token = analysed(written[0])
        for step, form in token.forms:
            found.setdefault(form, []).append(position + step)
        position += token.steps
    return found


def written(text: str, language: str = ENGLISH) -> list[str]:
    """Return the tokens of a text, unchanged except for a mark of the languages to analyse them in."""
    mark = mark_of((language,))
    return [match[0] + mark for match in matches(text)]


def mark_of(languages: Sequence[str]) -> str:
    """Return the mark appended to a token for the languages to analyse it in; "" for English alone."""
    return "" if tuple(languages) == ONLY_ENGLISH else IN + ",".join(languages)


def spans(text: str, languages: Sequence[str] = ONLY_ENGLISH) -> Iterator[tuple[Token, int, int]]:
    """Yield the tokens of a text with their start and end offsets."""
    mark = mark_of(languages)
    return ((analysed(match[0] + mark), *match.span()) for match in matches(text))


def analysed(written: str) -> Token:
    """Return the analysis of one token; short tokens are cached."""
    return analysed_once(written) if len(written) <= LONGEST_CACHED else analysed_once.__wrapped__(written)


@lru_cache(maxsize=MOST_CACHED)
def analysed_once(written: str) -> Token:
    token, _, named = written.partition(IN)
    match = token_pattern(ascii_only=token.isascii()).fullmatch(token)
    assert match, written
    forms = tuple(forms_of(match, tuple(named.split(",")) if named else ONLY_ENGLISH))
    parts = (part for _, form in forms if "_" in form for part in part_terms(form))
    return Token(forms, steps(match), frozenset((*(form for _, form in forms), *parts)))


def forms_of(match: re.Match[str], languages: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield the terms of one token, each with its offset from the token's position."""
    if run := match["cjk"]:
        letters = unicodedata.normalize("NFKC", run)
        yield from enumerate([letters[i : i + 2] for i in range(len(letters) - 1)] or [letters])
    elif match["rest"]:
        parts = (match["rest"], match["optional"] + match["rest"])
        yield from ((0, term) for part in parts for term in of_word(part, languages))
    elif dotted := match["dotted"]:
        yield from of_dotted(fold(dotted), languages)
    else:
        if match["call"]:
            yield 0, fold(match["word"]).strip("_") + "()"
        yield from ((0, term) for term in of_word(match["word"], languages))


def steps(match: re.Match[str]) -> int:
    """Return the number of positions that a token takes up."""
    if match["cjk"]:
        return max(1, len(unicodedata.normalize("NFKC", match["cjk"])) - 1)
    if match["dotted"] and not NUMBERED.match(fold(match["dotted"])):
        return len(SUB_WORD.findall(match["dotted"]))
    return 1


def of_dotted(word: str, languages: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield a version, host name or file name as a whole, then its parts (none for a version)."""
    version = NUMBERED.match(word)
    if version:
        number = version["version"]
        yield from (
            (0, form) for form in dict.fromkeys((number + (version["rest"] or ""), number, without_zero(number)))
        )
        return
    yield 0, word
    for step, part in enumerate(SUB_WORD.findall(word)):
        yield from ((step, term) for term in forms(part, languages))


def without_zero(version: str) -> str:
    """Return a version of at least three numbers without a zero at its end: 5.0 for 5.0.0."""
    return version.removesuffix(".0") if version.count(".") > 1 else version


def of_word(written: str, languages: Sequence[str] = ONLY_ENGLISH) -> tuple[str, ...]:
    """Return the terms of a word: the folded word, its stems, its number, and its accented and umlaut-free forms."""
    word = fold(written)
    if "_" in word:
        return (word.strip("_") or word,)
    found = forms(word, languages)
    if (unit := WITH_UNIT.match(word)) and unit["unit"] not in ("e",):
        found.append(unit["number"])
    if written.isascii() and "'" not in written:
        return tuple(dict.fromkeys(found))
    accented = without_apostrophes(unicodedata.normalize("NFKC", written).casefold())
    if accented != word:
        found.append(accented)
        found += [fold(stemmed(accented, language)) for language in languages]
    spelt = accented.translate(UMLAUTS)
    if spelt != accented:
        found += forms(fold(spelt), languages)
    if rest := after_elision(written, languages):
        found += of_word(rest, languages)
    return tuple(dict.fromkeys(found))


def after_elision(written: str, languages: Sequence[str]) -> str:
    """Return the part of a word after an elision, such as "index" of the French "l'index", or ""."""
    first, _, rest = written.replace("’", "'").partition("'")
    elided = any(fold(first) in LANGUAGES[language].elided.split() for language in languages) if rest else False
    return rest if elided else ""


def forms(word: str, languages: Sequence[str] = ONLY_ENGLISH) -> list[str]:
    """Return a folded word and, if they differ, its stems."""
    return list(dict.fromkeys((word, *(fold(stemmed(word, language)) for language in languages))))


def stems(words: Sequence[str]) -> tuple[str, ...]:
    """Return the English stems of words, so that plurals and other forms compare equal."""
    return tuple(map(stem, words))


@lru_cache(maxsize=MOST_NAMES)
def stem(word: str) -> str:
    return forms(fold(word))[-1]


def fold(word: str) -> str:
    """Return the folded form of a word, without differences in compatibility forms, case, accents and apostrophes."""
    if word.isascii():
        return without_apostrophes(word.lower())
    plain = COMBINING.sub("", unicodedata.normalize("NFKD", word))
    return without_apostrophes(unicodedata.normalize("NFKC", plain).casefold())


def without_apostrophes(word: str) -> str:
    if "'" not in word and "’" not in word:
        return word
    return GENITIVE.sub("", word.replace("’", "'")).replace("'", "")


@lru_cache(maxsize=MOST_STEMS)
def stemmed(word: str, language: str = ENGLISH) -> str:
    """Return the stem of a word. Words with digits, under four letters, or in another script are unchanged."""
    if not STEMMED.match(word) or (language == ENGLISH and not word.isascii()):
        return word
    return stemmer(language)(word)


@lru_cache(maxsize=MOST_NAMES)
def name_terms(name: str) -> tuple[str, ...]:
    """Return the terms of a whole identifier: folded, with bracketed alternatives expanded, without call brackets."""
    return tuple(filter(None, (fold(each).strip("_") for each in expanded(name))))


@lru_cache(maxsize=MOST_NAMES)
def part_terms(name: str) -> tuple[str, ...]:
    """Return all runs of adjacent parts of an identifier except the whole: adjust_meta of bpf_xdp_adjust_meta."""
    found: dict[str, None] = {}
    for each in expanded(name):
        parts = SUB_WORD.findall(fold(each))[:MOST_PARTS]
        for length in range(1, len(parts)):
            for start in range(len(parts) - length + 1):
                run = parts[start : start + length]
                for term in forms(run[0]) if length == 1 else ["_".join(run)]:
                    found.setdefault(term)
    return tuple(found)


def joined_terms(name: str) -> list[str]:
    """Return an identifier with its parts joined: bpfskbadjustroom for bpf_skb_adjust_room."""
    parts = [SUB_WORD.findall(fold(each)) for each in expanded(name)]
    return ["".join(each) for each in parts if len(each) > 1]


ALTERNATIVE = re.compile(r"[{(](?P<all>[^{}()]+)[})]")


def expanded(name: str) -> list[str]:
    """Expand the alternatives in names such as BPF_J{LT,LE}, BPF_(PROG|MAP)_GET_NEXT_ID and rcu_(un)lock.

    A name with more than MOST_EXPANDED expansions is returned unchanged.
    """
    if name.count("{") + name.count("(") > MOST_BRACKETS:
        return [name]
    found = list(itertools.islice(alternatives(name), MOST_EXPANDED + 1))
    return found if len(found) <= MOST_EXPANDED else [name]


def alternatives(name: str) -> Iterator[str]:
    match = ALTERNATIVE.search(name)
    if not match:
        yield name
        return
    choices = [choice.strip() for choice in re.split(r"[,|]", match["all"])]
    for choice in choices if len(choices) > 1 else ["", *choices]:
        yield from alternatives(name[: match.start()] + choice + name[match.end() :])
