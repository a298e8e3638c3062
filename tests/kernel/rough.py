"""A generated clone in which patches of the archive were changed before they were committed, and the truth."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from indexer.build.patches import entries_and_dates
from indexer.kernel.patches import WantedPatch, wanted
from indexer.kernel.subjects import parse_subject
from indexer.sources.archive import Archive
from tests.kernel.clones import releases
from tests.kernel.history import MAINTAINER, History

DAY = 86_400
OTHER = "Someone Else <else@example.org>"


@dataclass(frozen=True)
class Planned:
    """A patch to commit: its posted subject, its author in git, and the time of the commit."""

    patch: WantedPatch
    words: str
    author: str
    when: int

    @property
    def sent(self) -> int:
        """When its mail was sent: before the issue that lists it."""
        return self.patch.listed - 2 * DAY

    @property
    def signed(self) -> str:
        return f"\n\nWhy and how.\n\nSigned-off-by: {self.author}\nSigned-off-by: {MAINTAINER}\n"


@dataclass
class Rough:
    """The history with the true commit and release of each entry; `kinds` is how each was committed."""

    chance: random.Random
    history: History = field(default_factory=History)
    truth: dict[str, tuple[int, str]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    stable: list[tuple[str, str]] = field(default_factory=list)
    mailmap: list[str] = field(default_factory=list)

    def commit(self, each: Planned, words: str = "", author: str = "", tail: str = "") -> int:
        return self.history.commit(
            f"{words or each.words}{each.signed}{tail}", author or each.author, each.when, sent=each.sent
        )


Way = Callable[[Rough, Planned], "int | None"]


def folded(made: Rough, each: Planned) -> int:
    at = each.words.find(" ", len(each.words) // 2)
    return made.commit(each, f"{each.words[:at]}\n  {each.words[at + 1 :]}" if at > 0 else each.words)


def recased(made: Rough, each: Planned) -> int:
    scope, colon, rest = each.words.rpartition(": ")
    return made.commit(each, f"{scope}{colon}{rest[:1].swapcase()}{rest[1:]}.")


def other_scope(made: Rough, each: Planned) -> int:
    scope, colon, rest = each.words.rpartition(": ")
    ways = (f"net: {each.words}", f"{scope}, x86: {rest}", f"{scope.replace('/', ': ')}: {rest}", rest, f"bpf: {rest}")
    return made.commit(each, made.chance.choice(ways if colon else (f"bpf: {each.words}",)))


def left_tag(made: Rough, each: Planned) -> int:
    return made.commit(each, made.chance.choice(("[net-next] ", "[PATCH v4 3/9] ", "[bpf] ")) + each.words)


def mended(made: Rough, each: Planned) -> int | None:
    """Drop, double or swap a letter in a long word, like a typing error in the mail."""
    words = [m for m in re.finditer(r"(?<![\w/.-])[a-z]{6,}(?![\w/.-])", each.words) if m.start() > 8]
    if not words:
        return made.commit(each)
    word = made.chance.choice(words)
    at = made.chance.randint(1, len(word[0]) - 3)
    text = word[0]
    typo = made.chance.choice(
        (text[:at] + text[at + 1 :], text[:at] + text[at] + text[at:],
         text[:at] + text[at + 1] + text[at] + text[at + 2 :])
    )  # fmt: skip
    return made.commit(each, each.words[: word.start()] + typo + each.words[word.end() :])


def sender(made: Rough, each: Planned) -> int:
    return made.commit(each, author="Quiet Author <quiet@example.org>")


def co_developed(made: Rough, each: Planned) -> int:
    message = f"{each.words}\n\nWhy.\n\nCo-developed-by: {each.author}\nSigned-off-by: {OTHER}\n"
    return made.history.commit(message, OTHER, each.when, sent=each.sent)


def turned(made: Rough, each: Planned) -> int:
    name, _, address = each.author.partition(" <")
    first, _, last = name.partition(" ")
    return made.commit(each, author=f"{last}, {first} (Corp) <{address}")


def new_address(made: Rough, each: Planned) -> int:
    return made.commit(each, author=each.author.replace("example.org", "new.example"))


def mapped(made: Rough, each: Planned) -> int:
    nick = f"nick{len(made.mailmap)}"
    made.mailmap.append(f"{each.author} {nick} <{nick}@corp.example>")
    history = made.history
    return history.commit(f"{each.words}\n\nWhy.\n", f"{nick} <{nick}@corp.example>", each.when, sent=each.sent)


def linked(made: Rough, each: Planned) -> int:
    mail = next((mail for mail in sorted(each.patch.mails) if "/" in mail), "")
    return made.commit(each, "named anew by the maintainer" if mail else "", tail=f"Link: https://{mail}\n")


def reverted_later(made: Rough, each: Planned) -> int:
    mark = made.commit(each)
    made.history.commit(f'Revert "{each.words}"\n\nIt broke things.\n', when=each.when + 100 * DAY)
    return mark


def applied_again(made: Rough, each: Planned) -> int:
    made.commit(each)
    made.history.commit(f'Revert "{each.words}"\n\nIt broke things.\n', when=each.when + 60)
    return made.history.commit(each.words + each.signed, each.author, each.when + 120, sent=each.when + 90)


def backported(made: Rough, each: Planned) -> int:
    mark = made.commit(each)
    made.stable.append((f"{each.words}\n\n[ Upstream commit {mark:040x} ]{each.signed}", each.author))
    return mark


def only_stable(made: Rough, each: Planned) -> None:
    made.stable.append((each.words + each.signed, each.author))


def twin(made: Rough, each: Planned) -> int:
    mark = made.commit(each)
    made.history.commit(f"{each.words} for {each.patch.people[0]}{each.signed}", each.author, each.when + 5)
    made.history.commit(each.words + each.signed.replace(each.author, OTHER), OTHER, each.when + 9)
    return mark


def same_words_later(made: Rough, each: Planned) -> int:
    """Commit another patch with the same subject and author half a year later."""
    mark = made.commit(each)
    later = each.when + 190 * DAY
    made.history.commit(each.words + each.signed, each.author, later, sent=later - DAY)
    return mark


def stranger(made: Rough, each: Planned) -> None:
    made.history.commit(each.words + each.signed.replace(each.author, OTHER), OTHER, each.when)


def near_miss(made: Rough, each: Planned) -> None:
    """Commit a nearly equal patch by the author: one number, opposite or driver differs."""
    made.commit(each, unlike(each.words))


def unlike(words: str) -> str:
    """Return a subject that differs from another in one short word or number, and is not the same patch."""
    pairs = (
        ("ipv4", "ipv6"),
        ("mlx4", "mlx5"),
        ("enable", "disable"),
        ("add ", "and "),
        ("64", "32"),
        ("read", "write"),
    )
    for one, other in pairs:
        if one in words:
            return words.replace(one, other, 1)
    return re.sub(r"\w+$", lambda match: f"{match[0]}2", words) if re.search(r"\w$", words) else f"{words} 2"


def absent(made: Rough, each: Planned) -> None:
    """Commit nothing."""


def plain(made: Rough, each: Planned) -> int:
    return made.commit(each)


WAYS: dict[str, Way] = {
    way.__name__: way
    for way in (
        plain, folded, recased, other_scope, left_tag, mended, sender, co_developed, turned, new_address, mapped,
        linked, reverted_later, applied_again, backported, only_stable, twin, same_words_later, stranger, near_miss,
        absent,
    )
}  # fmt: skip


def rough_clone(
    archive: Archive, folder: Path, *, seed: int, covers: Mapping[str, Way], singles: Mapping[str, Way] | None = None
) -> tuple[Rough, dict[int, str]]:
    """Make a clone in which each kernel patch that no later one replaces was committed in some way, or not at all."""
    made = Rough(random.Random(seed))  # noqa: S311 - a test that can be repeated
    entries, dates = entries_and_dates(archive)
    titles = {entry.id: parse_subject(entry.title).words for entry in entries}
    newest = {
        patch.group: patch
        for patch in sorted(wanted(entries, dates, archive.facts.repositories), key=lambda each: each.order)
        if patch.repository == "linux"
    }
    all_planned = [planned(patch, titles[patch.entry], made.chance) for patch in newest.values()]
    write(made, sorted(all_planned, key=lambda each: each.when), releases(archive), singles or WAYS, covers)
    return made, made.history.save(folder)


def planned(patch: WantedPatch, words: str, chance: random.Random) -> Planned:
    name = patch.people[0]
    address = f"{'.'.join(name.split())}@example.org"
    return Planned(patch, words, f"{name} <{address}>", patch.listed + chance.randint(-DAY, 45 * DAY))


def write(
    made: Rough,
    all_planned: Sequence[Planned],
    calendar: Sequence[tuple[str, int]],
    singles: Mapping[str, Way],
    covers: Mapping[str, Way],
) -> None:
    """Write commits, tags and stable branches in order of time."""
    made.history.commit("Linux start", when=calendar[0][1] - DAY)
    left = list(all_planned)
    for version, released in calendar:
        while left and left[0].when < released:
            each = left.pop(0)
            ways = covers if each.patch.cover else singles
            kind = made.chance.choice(list(ways))
            made.kinds[each.patch.entry] = kind
            mark = ways[kind](made, each)
            if mark is not None:
                made.truth[each.patch.entry] = (mark, version)
        made.history.commit(f"Linux {version[1:]}", when=released - 1, mailmap="\n".join(made.mailmap))
        made.history.tag(version, released)
        to_stable(made, version, released)


def to_stable(made: Rough, version: str, released: int) -> None:
    """Backport commits to a stable branch, which begins at the release."""
    branch = f"linux-{version[1:]}.y"
    made.history.commit(
        f"Linux {version[1:]}.1", when=released + DAY, branch=branch, start=made.history.heads["master"]
    )
    for message, author in made.stable:
        made.history.commit(message, author, released + DAY, branch=branch)
    made.stable.clear()
    made.history.tag(f"{version}.1", released + 2 * DAY, branch=branch)
