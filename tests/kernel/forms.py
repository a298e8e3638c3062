"""Forms of history that clones have besides the rough ways: other branches, encodings, split and renamed patches."""

from __future__ import annotations

import re

from tests.kernel.history import MAINTAINER
from tests.kernel.rough import DAY, OTHER, Planned, Rough, Way

HALF = 0.5


def on_branch(made: Rough, each: Planned, words: str = "", author: str = "") -> tuple[int, str]:
    """Commit a patch on a new branch, and return its mark and the branch."""
    history = made.history
    branch = f"topic-{history.marks}"
    mark = history.commit(
        f"{words or each.words}{each.signed}", author or each.author, each.when, sent=each.sent, branch=branch,
        start=history.heads["master"],
    )  # fmt: skip
    return mark, branch


def fixes_merged_into_next(made: Rough, each: Planned) -> int:
    """Apply to the branch of fixes, merge that into the branch for the next release, and into the master."""
    mark, _ = on_branch(made, each)
    history = made.history
    branch = f"next-{history.marks}"
    start = history.heads["master"]
    history.commit("Merge git://git.kernel.org/net", when=each.when + 60, branch=branch, start=start, merging=mark)
    history.commit("Merge net", when=each.when + 120, merging=mark)
    return mark


def applied_twice(made: Rough, each: Planned) -> int:
    """Apply the same mail to two branches, and merge both."""
    mark, _ = on_branch(made, each)
    made.history.commit("Merge one", when=each.when + 60, merging=mark)
    other = made.history.commit(
        each.words + each.signed, each.author, each.when + 70, sent=each.sent, branch=f"b-{mark}", start=mark
    )
    made.history.commit("Merge other", when=each.when + 80, merging=other)
    return mark


def cherry_picked(made: Rough, each: Planned) -> int:
    mark = made.commit(each)
    made.stable.append((f"{each.words}{each.signed}(cherry picked from commit {mark:040x})\n", each.author))
    return mark


def cherry_picked_unmarked(made: Rough, each: Planned) -> int:
    mark = made.commit(each)
    made.stable.append((each.words + each.signed, each.author))
    return mark


def split(made: Rough, each: Planned) -> None:
    """Send the patch again as two."""
    made.commit(each, f"{each.words} (part 1)")
    made.commit(each, f"{each.words} (part 2)")


def halved(made: Rough, each: Planned) -> int | None:
    """Send a patch that does two things again as two; the first is not the whole."""
    first, joined, rest = each.words.partition(" and ")
    if not joined:
        return made.commit(each)
    made.commit(each, first)
    made.commit(each, f"{each.words.partition(':')[0]}: {rest}")
    return None


def prefixed_net(made: Rough, each: Planned) -> int:
    return made.commit(each, f"net: {each.words}")


def shouted(made: Rough, each: Planned) -> int:
    return made.commit(each, each.words.upper())


def dotted(made: Rough, each: Planned) -> int:
    return made.commit(each, f"{each.words}..")


def folded_by_mail(made: Rough, each: Planned) -> int:
    """Fold at 70 signs with a tab, as git format-patch folds long subjects."""
    lines = re.findall(r".{1,70}(?:\s|$)", each.words)
    return made.commit(each, "\n\t".join(line.rstrip() for line in lines))


def spaced(made: Rough, each: Planned) -> int:
    return made.commit(each, f"  {each.words.replace(' ', '  ')} ")


def quoted(made: Rough, each: Planned) -> int:
    return made.commit(
        each, re.sub(r"\b(\w+_\w+)\b", "\N{LEFT SINGLE QUOTATION MARK}\\1\N{RIGHT SINGLE QUOTATION MARK}", each.words)
    )


def reapplied(made: Rough, each: Planned) -> int:
    mark = made.commit(each)
    made.history.commit(f'Revert "{each.words}"\n\nThis reverts commit {mark:040x}.\n', when=each.when + 60)
    made.history.commit(f'Reapply "{each.words}"\n\nIt was right.\n', OTHER, when=each.when + 120)
    return mark


def reverted_twice(made: Rough, each: Planned) -> int:
    mark = made.commit(each)
    made.history.commit(f'Revert "{each.words}"\n\nNo.\n', when=each.when + 60)
    made.history.commit(f'Revert "Revert "{each.words}""\n\nYes.\n', OTHER, when=each.when + 120)
    return mark


def reverted_at_once(made: Rough, each: Planned) -> int:
    mark = made.commit(each)
    made.history.commit(f'Revert "{each.words}"\n\nNo.\n', when=each.when + 60)
    return mark


def revert_of_namesake(made: Rough, each: Planned) -> int:
    """Another patch of that subject, long before, was reverted."""
    mark = made.commit(each)
    made.history.commit(f'Revert "{each.words} twice"\n\nNo.\n', when=each.when + 60)
    return mark


def by_address(made: Rough, each: Planned) -> int:
    """The author's name in git is the address."""
    address = each.author.partition("<")[2].rstrip(">")
    return made.commit(each, author=f"{address} <{address}>")


def moved(made: Rough, each: Planned) -> int:
    """The author has another address, and signs with it."""
    author = f"{each.patch.people[0]} <{each.patch.people[0].split()[0].lower()}@new-employer.example>"
    message = f"{each.words}\n\nWhy.\n\nSigned-off-by: {author}\nSigned-off-by: {MAINTAINER}\n"
    return made.history.commit(message, author, each.when, sent=each.sent)


def via_list(made: Rough, each: Planned) -> int:
    return made.commit(each, author=f"{each.patch.people[0]} via netdev <netdev@vger.kernel.org>")


def plain(made: Rough, each: Planned) -> int:
    return made.commit(each)


def absent(made: Rough, each: Planned) -> None:
    """Nothing goes in."""


def follow_up(made: Rough, each: Planned) -> int:
    """A fix of the patch names it and follows."""
    mark = made.commit(each)
    made.history.commit(
        f'{each.words} fix\n\nFixes: {mark:012x} ("{each.words}")\n\nSigned-off-by: {each.author}\n', each.author,
        each.when + DAY, sent=each.when,
    )  # fmt: skip
    return mark


def with_returns(made: Rough, each: Planned) -> int:
    """The message has the line ends of Windows."""
    return made.history.commit((each.words + each.signed).replace("\n", "\r\n"), each.author, each.when, sent=each.sent)


def with_version(made: Rough, each: Planned) -> int:
    return made.commit(each, each.words + made.chance.choice((" (v2)", ", v3")))


def pull_request(made: Rough, each: Planned) -> int:
    """Merge a branch of commits, or squash it."""
    if made.chance.random() < HALF:
        return made.commit(each, f"{each.words} (#{made.history.marks})")
    mark, branch = on_branch(made, each)
    made.history.commit(
        f"Merge pull request #{mark} from {branch}\n\n{each.words}\n", when=each.when + 60, merging=mark
    )
    return mark


def with_fixup(made: Rough, each: Planned) -> int:
    mark = made.commit(each)
    made.commit(each, f"fixup! {each.words}")
    return mark


def back_dated(made: Rough, each: Planned) -> int:
    """Merge a side branch that began long ago, with an old date of writing."""
    sent = each.sent - 200 * DAY
    mark = made.history.commit(
        each.words + each.signed, each.author, each.when, sent=sent, branch=f"side-{made.history.marks}", start=1
    )
    made.history.commit("Merge tag 'side'", when=each.when + 60, merging=mark)
    return mark


def stable_merged(made: Rough, each: Planned) -> int:
    """Merge a stable branch with a backport of the patch."""
    mark = made.commit(each)
    message = f"{each.words}\n\ncommit {mark:040x} upstream.{each.signed}"
    stable = made.history.commit(
        message, each.author, each.when + 40, sent=each.sent, branch=f"stable-{mark}", start=mark
    )
    made.history.commit("Merge stable", when=each.when + 60, merging=stable)
    return mark


def maintainers(made: Rough, each: Planned) -> int:
    """The maintainer is the author in git, and the message names the true one."""
    return made.commit(each, author=MAINTAINER)


def namesake(made: Rough, each: Planned) -> None:
    """Another person posts a patch with the same subject, which the author reviews."""
    message = f"{each.words}\n\nWhy.\n\nReviewed-by: {each.author}\nSigned-off-by: {OTHER}\n"
    made.history.commit(message, OTHER, each.when, sent=each.sent)


FORMS: dict[str, Way] = {
    way.__name__: way
    for way in (
        fixes_merged_into_next, applied_twice, cherry_picked, cherry_picked_unmarked, split, halved, prefixed_net,
        shouted, dotted, folded_by_mail, spaced, quoted, reapplied, reverted_twice, reverted_at_once,
        revert_of_namesake, by_address, moved, via_list, plain, absent, follow_up, with_returns, with_version,
        pull_request, with_fixup, back_dated, stable_merged, maintainers, namesake,
    )
}  # fmt: skip
