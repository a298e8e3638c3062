"""Digests of mailing lists: each message is an entry, whatever headings it has."""

from __future__ import annotations

from indexer.dividing import divide
from indexer.formats.registry import read_source
from indexer.model import Newsletter
from tests.dividing.drawn import count, words_of

HEAD = """From: caves-request@lists.e.org
To: caves@lists.e.org
Subject: caves Digest, Vol 12, Issue 3
Date: Mon, 6 May 2024 10:00:00 +0000

"""
DIGEST = f"""Send caves mailing list submissions to
\tcaves@lists.e.org

To subscribe or unsubscribe via the World Wide Web, visit
\thttps://lists.e.org/mailman/listinfo/caves

Today's Topics:

   1. Map formats (Ann Bee)
   2. Re: Map formats (Cee Dee)
   3. [ANN] depthmeter 2.0 (eff@e.org)


{"-" * 70}

Message: 1
Date: Sun, 5 May 2024 08:00:00 +0200
From: Ann Bee <ann@e.org>
Subject: Map formats

Which do maps use?

FORMATS
-------

I know of two.

{"-" * 30}

Message: 2
From: Cee Dee <cee@e.org>
Subject: Re: Map
\tformats
Message-ID: <2@e.org>

> Which do maps use?

See https://e.org/formats for a list.

{"-" * 30}

Message: 3
From: eff@e.org
Subject: [ANN] depthmeter 2.0

CHANGES

 * It measures deeper.

LINKS

https://e.org/depthmeter

{"-" * 30}

Subject: Digest Footer

_______________________________________________
https://lists.e.org/mailman/listinfo/caves

{"-" * 30}

End of caves Digest, Vol 12, Issue 3
************************************
"""
NEWSLETTER = Newsletter("n", "N Weekly")


def test_each_message_of_a_digest_is_an_entry_with_its_own_headings() -> None:
    (document,) = read_source((HEAD + DIGEST).encode(), "a.eml")
    division = divide(document, NEWSLETTER, "a.eml")
    assert document.title == "caves Digest, Vol 12, Issue 3"
    assert [(piece.title, piece.author, piece.url) for piece in division.pieces] == [
        ("Map formats", "Ann Bee", None),
        ("Re: Map formats", "Cee Dee", "https://e.org/formats"),
        ("[ANN] depthmeter 2.0", None, "https://e.org/depthmeter"),
    ]
    assert "FORMATS" in [block.text for block in division.pieces[0].blocks]
    assert "Map formats (Ann Bee)" in [block.text for block in division.boilerplate]
    assert words_of(division) == count([*document.blocks])


def test_the_blocks_of_a_digest_know_their_lines() -> None:
    (document,) = read_source(DIGEST.encode(), "a.txt")
    lines = DIGEST.split("\n")
    for block in document.blocks:
        if not block.text.startswith("From"):
            assert block.text.split()[0] in lines[block.line - 1] or block.kind == "heading"


def test_lines_of_hyphens_are_no_digest() -> None:
    rule = "-" * 40
    text = f"A text.\n\n{rule}\n\nSubject: one thing\n\nIt is said.\n\n{rule}\n\nNote: more.\n\nIt is.\n"
    (document,) = read_source(text.encode(), "a.txt")
    assert not document.heads
    assert [block.text for block in document.blocks if block.text != rule][:2] == ["A text.", "Subject: one thing"]
