"""What a line of results says of versions and outcomes."""

from __future__ import annotations

from typing import Any

import pytest

from indexer.cli.wording import known_in_words


def version(text: str, how: str) -> dict[str, str]:
    return {"version": text, "how": how}


@pytest.mark.parametrize(
    ("kind", "outcome", "versions", "text"),
    [
        ("patch", None, [version("v4.14", "issue")], "in development for v4.14"),
        ("patch", ("merged", "linux", "v4.14"), [version("v4.14", "issue"), version("v4.14", "merged")],
         "merged in v4.14"),
        ("patch", ("merged", "iproute2", "v4.14.0"), [version("v4.15", "issue")], "merged in iproute2 v4.14.0"),
        ("patch", ("superseded", "linux", ""), [version("v4.15", "issue")], "superseded"),
        ("patch", ("not merged", "linux", ""), [version("v4.15", "issue")], "not merged"),
        ("feature", None, [version("v4.14", "issue"), version("v4.14", "landed")], "landed in v4.14"),
        ("feature", None, [version("v4.16", "issue"), version("v4.15", "landed")],
         "landed in v4.15, in development for v4.16"),
        ("talk", None, [version("v4.15", "issue")], ""),
        ("talk", None, [version("v4.15", "issue"), version("v4.9", "stated")], "v4.9 stated"),
    ],
)  # fmt: skip
def test_a_result_shows_the_best_evidence(
    kind: str, outcome: tuple[str, str, str] | None, versions: list[dict[str, str]], text: str
) -> None:
    known = dict(zip(("outcome", "repository", "release"), outcome, strict=True)) if outcome else None
    record: dict[str, Any] = {"kind": kind, "outcome": known}
    assert known_in_words(record, versions, dated=kind != "talk") == text
