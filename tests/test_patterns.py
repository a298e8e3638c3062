"""No regular expression in the code or the shipped tables takes quadratic time."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import indexer
import webui
from indexer.profile.profiles import Profile
from indexer.sources.archive import Archive
from tests.conftest import SHIPPED
from tests.patterns import LONG, patterns_in, slow_attack, text_of, took

HANGS = 5  # seconds of CPU time for 60,000 characters; a linear pattern takes some thousandths of one
# Patterns that are tried on short texts only, with the most characters of these.
SHORT_TEXTS = {
    "indexer.profile.versions.NAME_BEFORE": 60,
    "indexer.views.merge_reports.MERGED": 300,
}


def modules() -> Iterator[str]:
    for package in (indexer, webui):
        yield from (each.name for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}."))


def our_patterns() -> dict[tuple[str, int], str]:
    """Return the patterns of all modules, each with a place where it is used."""
    found: dict[tuple[str, int], str] = {}
    for name in modules():
        module = importlib.import_module(name)
        for key, value in vars(module).items():
            if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                found.setdefault((value.pattern, value.flags & ~re.U), f"{name}.{key}")
        for pattern, flags in patterns_in(Path(str(module.__file__))):
            if isinstance(pattern, str):
                found.setdefault((pattern, int(flags)), f"{name}: {pattern[:30]}")
    return found


def patterns_of_tables() -> dict[tuple[str, int], str]:
    """Return the patterns of the shipped tables."""
    archive = Archive(SHIPPED, SHIPPED / "nowhere")
    found = {(each.pattern.pattern, 0): "links.toml" for each in archive.rewrites}
    for newsletter in archive.newsletters.values():
        for pattern in (*newsletter.boilerplate, *newsletter.titles, *newsletter.files):
            found[pattern, 0] = newsletter.id
    for profile in (archive.profile(folder.name) for folder in archive.profile_folders()):
        for place, each in patterns_of(profile):
            if each is not None:
                found[each.pattern, each.flags & ~re.U] = f"{profile.id}: {place}"
    return found


def patterns_of(profile: Profile) -> Iterator[tuple[str, re.Pattern[str] | None]]:
    """Yield the patterns of a profile with their names."""
    for topic in profile.topics:
        yield from ((f"topic {topic.id}", each) for each in (topic.words, topic.title, topic.unless))
    yield from ((f"links to a {each.what}", each.pattern) for each in profile.pointers)
    yield from ((f"kind {kind.id}", kind.text) for kind in profile.kinds.values())
    if profile.version:
        yield from (
            ("versions", each) for each in (profile.version.pattern, profile.version.before, profile.version.after)
        )


def slow(patterns: dict[tuple[str, int], str]) -> Iterator[str]:
    """Yield the patterns that are slow for a long text, each with the repeated part."""
    for (written, flags), place in patterns.items():
        pattern = re.compile(written, flags)
        attack = slow_attack(pattern)
        if attack is None:
            continue
        before, repeated, after = attack
        if took(anchored(pattern, place), text_of(attack, SHORT_TEXTS.get(place, LONG)), HANGS) >= HANGS:
            yield f"{place}: {before!r}, then {repeated!r} many times, then {after!r}"


def anchored(pattern: re.Pattern[str], place: str) -> re.Pattern[str]:
    """Return a pattern as the code uses it: anchored if only `match` or `fullmatch` is called."""
    name = re.escape(place.rpartition(".")[2])
    uses = set(re.findall(rf"\b{name}\.(\w+)\(", sources()))
    if not uses or not uses <= {"match", "fullmatch"}:
        return pattern
    flags = re.match(r"\(\?[a-zA-Z]+\)", pattern.pattern)
    start = flags.end() if flags else 0
    return re.compile(rf"{pattern.pattern[:start]}\A(?:{pattern.pattern[start:]})", pattern.flags)


@cache
def sources() -> str:
    """Return the source of all modules."""
    files = (path for package in (indexer, webui) for path in Path(str(package.__path__[0])).rglob("*.py"))
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


@pytest.mark.slow
def test_no_pattern_of_ours_is_slow_on_a_long_text() -> None:
    assert list(slow(our_patterns())) == []


@pytest.mark.slow
def test_no_pattern_of_the_tables_is_slow_on_a_long_text() -> None:
    assert list(slow(patterns_of_tables())) == []


@pytest.mark.parametrize("pattern", [r"\w+://", r"[ ]+$", r"<!--.*-->"])
def test_the_detector_finds_a_slow_pattern(pattern: str) -> None:
    assert slow_attack(re.compile(pattern), patience=10) is not None


@pytest.mark.parametrize("pattern", [r"a", r"(?<!\w)\w++://", r"^#{1,6} ", r"\[[^\[\]]{1,80}\]"])
def test_the_detector_accepts_a_linear_pattern(pattern: str) -> None:
    assert slow_attack(re.compile(pattern)) is None
