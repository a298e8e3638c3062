"""The ways in which maintainers merge whole series of patches."""

from __future__ import annotations

import re

from tests.kernel.rough import Planned, Rough


def merge(made: Rough, each: Planned, message: str) -> int:
    """Merge a commit on a branch that begins at the head."""
    history = made.history
    branch = f"side-{history.marks}"
    start = history.heads["master"]
    side = history.commit(f"part of {branch}", when=each.when, branch=branch, start=start)
    return history.commit(message, when=each.when + 60, merging=side)


def merge_message(each: Planned, title: str, branch: str = "a-branch", name: str = "") -> str:
    """Return the message of a merge in the style of netdev's maintainers."""
    says = f"{name or each.patch.people[0]} says:"
    return f"Merge branch '{branch}'\n\n{says}\n\n====================\n{title}\n\nWhat it is.\n====================\n"


def titled(made: Rough, each: Planned) -> int:
    return merge(made, each, merge_message(each, each.words))


def folded_title(made: Rough, each: Planned) -> int:
    at = each.words.find(" ", len(each.words) // 2)
    return merge(
        made, each, merge_message(each, f"{each.words[:at]}\n{each.words[at + 1 :]}" if at > 0 else each.words)
    )


def tagged_title(made: Rough, each: Planned) -> int:
    return merge(made, each, merge_message(each, f"[PATCH net-next v2 0/4] {each.words[:1].upper()}{each.words[1:]}."))


def subject_of_mail(made: Rough, each: Planned) -> int:
    return merge(made, each, merge_message(each, f"Subject: {each.words}"))


def named_branch(made: Rough, each: Planned) -> int:
    branch = "-".join(re.findall(r"\w+", each.words))
    return merge(made, each, merge_message(each, "It does two things.", branch))


def turned_sender(made: Rough, each: Planned) -> int:
    first, _, last = each.patch.people[0].partition(" ")
    return merge(made, each, merge_message(each, each.words, name=f"{last}, {first}"))


def linked_mail(made: Rough, each: Planned) -> int:
    mail = next((mail for mail in sorted(each.patch.mails) if "/" in mail), "")
    tail = f"\nLink: https://{mail}\n"
    return merge(made, each, merge_message(each, "named anew" if mail else each.words) + tail)


def by_another(made: Rough, each: Planned) -> None:
    merge(made, each, merge_message(each, each.words, name="Someone Else"))


def applied_without_merge(made: Rough, each: Planned) -> None:
    """Apply the patches one by one."""


MERGES = {
    way.__name__: way
    for way in (
        titled, folded_title, tagged_title, subject_of_mail, named_branch, turned_sender, linked_mail, by_another,
        applied_without_merge,
    )
}  # fmt: skip
