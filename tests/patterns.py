"""Find regular expressions with more than linear time, by timing generated attack strings."""

from __future__ import annotations

import ast
import itertools
import re
import signal
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from random import Random
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

TRIED, SHORT, LONG = 1_000, 3_000, 60_000  # characters of an attack: to search, to measure, and for a long text
SUSPICIOUS = 0.00015  # seconds for an attack that is tried; most linear patterns take some 0.00005
HOPELESS = 2.0  # seconds after which an attack is stopped
PATIENCE = 0.3  # seconds for one pattern
GROWTH = 8  # of the time for four times the text: a linear pattern takes 4 times as long, a quadratic one 16 times
SIGNS = " \t\na0A_-*`~<>[](){}\"'/.,:;#=!&?|\\@+"
PUMPS = (*SIGNS, *"a  |a|- |0.".split("|"), " a", "a\n", " \n", "\n\n", "[a", "](", "<a ", "a, ")
FAILING = ("", "\0", "\n\0")  # the end of an attack, which makes the matcher try all alternatives
MOST_PREFIXES = 12
BOUNDED = 100  # repeats up to this number are cheap


def patterns_in(path: Path) -> Iterator[tuple[str, int]]:
    """Yield the text and flags of each constant pattern in a module."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            owner = node.func.value
            if isinstance(owner, ast.Name) and owner.id == "re" and isinstance(node.args[0], ast.Constant):
                yield node.args[0].value, flags_of(node)


def flags_of(call: ast.Call) -> int:
    given = [*call.args[1:], *(each.value for each in call.keywords)]
    named = (node.attr for each in given for node in ast.walk(each) if isinstance(node, ast.Attribute))
    return sum(int(getattr(re, name)) for name in set(named) if isinstance(getattr(re, name, None), re.RegexFlag))


def attacks(pattern: re.Pattern[str]) -> Iterator[tuple[str, str, str]]:
    """Yield prefixes, repeated parts and suffixes of texts that may be slow for a pattern."""
    tree = parser.parse(pattern.pattern, pattern.flags & ~re.U)
    bodies = [example(body) for body in repeated(tree)]
    if not bodies:
        return
    pumps = dict.fromkeys([*PUMPS, *bodies, *(a + b for a in bodies[:6] for b in bodies[:6]), *literals(tree)])
    for before in islice(dict.fromkeys(["", *prefixes(tree)]), MOST_PREFIXES):
        for pump in pumps:
            if pump:
                yield from ((before, pump, after) for after in FAILING)


def parts(tree: Any) -> Iterator[Any]:
    """Yield the sequences of which an operation consists."""
    op, argument = tree
    if op in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
        yield argument[2]
    elif op is codes.SUBPATTERN:
        yield argument[3]
    elif op is codes.BRANCH:
        yield from argument[1]
    elif op in (codes.ASSERT, codes.ASSERT_NOT):
        yield argument[1]
    elif op is codes.ATOMIC_GROUP:
        yield argument
    elif op is codes.GROUPREF_EXISTS:
        yield from filter(None, argument[1:])


def repeated(tree: Any) -> Iterator[Any]:
    """Yield the bodies of repeats without a small limit."""
    for node in tree:
        if node[0] in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT) and node[1][1] > BOUNDED:
            yield node[1][2]
        for part in parts(node):
            yield from repeated(part)


def literals(tree: Any, *, least: int = 2) -> Iterator[str]:
    """Yield the literal words of a pattern, with and without a space."""
    run = ""
    for op, argument in [*tree, (None, None)]:
        if op is codes.LITERAL:
            run += chr(argument)
            continue
        if len(run) >= least:
            yield from (run, f"{run} ")
        run = ""
        if op is not None:
            for part in parts((op, argument)):
                yield from literals(part)


def prefixes(tree: Any, before: str = "") -> Iterator[str]:
    """Yield texts that lead to each part of a pattern."""
    for node in tree:
        yield before
        for part in parts(node):
            yield from prefixes(part, before)
        before += example([node])


def example(tree: Any) -> str:
    """Return a text that a sequence matches, if that is easy to find."""
    return "".join(example_of(node) for node in tree)


def example_of(node: Any) -> str:
    op, argument = node
    if op is codes.LITERAL:
        return chr(argument)
    if op in (codes.NOT_LITERAL, codes.ANY):
        return "a" if argument != ord("a") else "b"
    if op is codes.IN:
        return one_of(argument)
    if op in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
        return example(argument[2]) * max(1, argument[0])
    if op is codes.SUBPATTERN:
        return example(argument[3])
    if op is codes.BRANCH:
        return example(argument[1][0])
    return example(argument) if op is codes.ATOMIC_GROUP else ""


CATEGORIES = {codes.CATEGORY_SPACE: " ", codes.CATEGORY_DIGIT: "0", codes.CATEGORY_WORD: "a"}


def one_of(members: Any) -> str:
    """Return a character of a set."""
    if members[0][0] is codes.NEGATE:
        written = f"[{''.join(map(re.escape, map(example_of_member, members[1:])))}]"
        return next(each for each in "ab 0-.\n" if not re.match(written, each))
    return example_of_member(members[0])


def example_of_member(member: Any) -> str:
    op, argument = member
    if op is codes.CATEGORY:
        return CATEGORIES.get(argument, "!")
    return chr(argument[0] if op is codes.RANGE else argument)


def took(pattern: re.Pattern[str], text: str, limit: float = HOPELESS) -> float:
    """Return the CPU seconds that a pattern takes to find all matches in a text, or `limit` if it takes longer.

    Python's matcher handles signals, so it can be stopped. Time is CPU time, so other processes do not count.
    """
    before = signal.signal(signal.SIGPROF, stop)
    began = time.process_time()
    try:
        signal.setitimer(signal.ITIMER_PROF, limit)
        for _ in pattern.finditer(text):
            pass
    except TimeoutError:
        return limit
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    return time.process_time() - began


def stop(*_: object) -> None:
    raise TimeoutError


def slow_attack(pattern: re.Pattern[str], patience: float = PATIENCE) -> tuple[str, str, str] | None:
    """Return an attack whose time grows with the square of its length, or None.

    Attacks are tried in a fixed shuffled order, for `patience` seconds.
    """
    tried = list(attacks(pattern))
    Random(len(tried)).shuffle(tried)  # noqa: S311  # a sample
    ends = time.process_time() + patience
    for attack in itertools.takewhile(lambda _: time.process_time() < ends, tried):
        seconds = took(pattern, text_of(attack, TRIED))
        if seconds >= HOPELESS:
            return attack
        if seconds > SUSPICIOUS and all(grows(pattern, attack, SHORT) for _ in range(4)):
            return attack
    return None


def text_of(attack: tuple[str, str, str], length: int) -> str:
    """Return the text of an attack, with the given length."""
    before, pump, after = attack
    return before + pump * (length // len(pump)) + after


def grows(pattern: re.Pattern[str], attack: tuple[str, str, str], length: int) -> bool:
    """Return whether a pattern takes more than GROWTH times as long for an attack as for a quarter of it."""
    whole, quarter = text_of(attack, length), text_of(attack, length // 4)
    return min(took(pattern, whole) for _ in range(2)) > GROWTH * min(took(pattern, quarter) for _ in range(2))
