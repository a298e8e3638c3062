"""Plain text of mailing lists: numbered notes are links, lines in capitals are headings, first lines are titles."""

from __future__ import annotations

import pytest

from indexer.dividing.shaped import divide_by_shape
from indexer.errors import UnreadableSource
from indexer.formats.registry import read_source
from indexer.model import Newsletter, Piece

MAIL = b"""From: Team <team@example.org>
To: list@example.org
Subject: [news] ZZ Digest #3
Date: Tue, 02 May 2023 10:00:00 +0000
Content-Type: text/plain; charset=utf-8

Hello everybody,

NEWS FROM THE TEAM
==================

The new river [1] was opened last week. It is the third of its
kind, see the map [2], and the last.

Meetings
--------

 * On stones and water [3]
   Ann tells why they get along.
 * On clouds [4]

RELEASES

 1. Garden 2 [5]

    It grows by itself.

 2. Paper 7 [6]

[1] https://example.org/river
[2] https://example.org/map
[3]: https://example.org/stones
[4] <https://example.org/clouds>
[5] https://example.org/garden
[6] https://example.org/paper
"""


def pieces(raw: bytes, name: str) -> tuple[Piece, ...]:
    return divide_by_shape(read_source(raw, name)[0], Newsletter("zz", "ZZ")).pieces


def test_numbered_notes_are_the_links_of_the_words_before_them() -> None:
    found = [(piece.title, piece.url, piece.section) for piece in pieces(MAIL, "3.eml")]
    news, meetings, releases = ("NEWS FROM THE TEAM",), ("NEWS FROM THE TEAM", "Meetings"), ("RELEASES",)
    assert found == [
        ("The new river was opened last week", "https://example.org/river", news),
        ("On stones and water", "https://example.org/stones", meetings),
        ("On clouds", "https://example.org/clouds", meetings),
        ("Garden 2", "https://example.org/garden", releases),
        ("Paper 7", "https://example.org/paper", releases),
    ]


def test_further_notes_of_a_paragraph_link_one_word() -> None:
    first = pieces(MAIL, "3.eml")[0].blocks[0]
    assert [(first.text[span.start : span.end], span.url) for span in first.links()] == [
        ("The new river", "https://example.org/river"),
        ("map", "https://example.org/map"),
    ]


def test_a_note_that_no_text_refers_to_stays() -> None:
    text = b"A first line.\n\nA text about rivers.\n\n[7] https://example.org/other\n"
    assert "[7]" in read_source(text, "a.txt")[0].blocks[-1].text


TABLES = b"""<!doctype html><html><head><title>ZZ #4</title></head><body><table><tr><td>
<table><tr><td><span><strong>Articles, Tutorials and Talks</strong></span></td></tr>
<tr><td><div><a href="https://example.org/a"><strong>A gentle river</strong></a><br>
<span>How the river came to be, and what to avoid when one starts today with a boat of paper.</span></div></td></tr>
<tr><td><div><a href="https://example.org/b"><strong>The stone at scale</strong></a><br>
<span>Measured on four mountains, with a surprising winner that nobody had on the list before.</span></div></td></tr>
</table></td></tr></table></body></html>"""


def test_the_first_line_of_an_item_in_a_mail_is_its_title() -> None:
    assert [piece.title for piece in pieces(TABLES, "4.html")] == ["A gentle river", "The stone at scale"]


@pytest.mark.parametrize(("raw", "said"), [
    (b"QmFzZTY0IGlzIG5vdCB0ZXh0IGJ1dCBpdCBpcyBvZnRlbiBzZW50IGluIG1haWxzIGFuZA==\n" * 8, "base64"),
    (b'<?xml version="1.0"?><plist version="1.0"><dict><key>Title</key></dict></plist>', "XML"),
])  # fmt: skip
def test_data_under_the_name_of_a_text_is_refused_by_name(raw: bytes, said: str) -> None:
    with pytest.raises(UnreadableSource, match=said):
        read_source(raw, "1.md")
