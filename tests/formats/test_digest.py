"""Digests of mailing lists: each message is an entry, whatever headings it has."""

from __future__ import annotations

from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest

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


def in_mime(kind: str = "mixed") -> bytes:
    digest = MIMEMultipart("digest")
    for sender, subject, text in (
        ("Ann Bee <a@e.org>", "Map formats", "A format.\n\nCONS\n\nIt is old: https://e.org/1\n"),
        ("c@e.org", "Re: Map formats", "Another one.\n"),
        ("d@e.org", "Without a text", ""),
    ):
        message = MIMEText(text)
        message["From"], message["Subject"] = sender, subject
        digest.attach(MIMEMessage(message))
    whole = digest
    if kind == "mixed":
        whole = MIMEMultipart("mixed")
        for part in (MIMEText("Send submissions to the list.\n"), digest, MIMEText("caves mailing list\n")):
            whole.attach(part)
    whole["From"], whole["Subject"], whole["Date"] = "l@e.org", "caves Digest 3", "Mon, 6 May 2024 10:00:00 +0000"
    return bytes(whole)


@pytest.mark.parametrize("kind", ["mixed", "digest"])
def test_each_message_of_a_digest_in_mime_is_an_entry(kind: str) -> None:
    (document,) = read_source(in_mime(kind), "a.eml")
    division = divide(document, Newsletter("n", "N"), "a.eml")
    assert [(piece.title, piece.url, piece.author) for piece in division.pieces] == [
        ("Map formats", "https://e.org/1", "Ann Bee"),
        ("Re: Map formats", None, None),
        ("Without a text", None, None),
    ]
    assert (document.title, str(document.date)[:10]) == ("caves Digest 3", "2024-05-06")
    assert words_of(division) == count(document.blocks)
    if kind == "mixed":
        assert {"Send submissions to the list.", "caves mailing list"} <= {block.text for block in document.blocks}
