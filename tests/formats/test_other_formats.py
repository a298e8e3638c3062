"""reStructuredText, e-mail, mailboxes, and pandoc's formats; unknown formats are refused by name."""

from __future__ import annotations

import importlib.util
import re
import shutil
import signal
import subprocess
import sys
from datetime import date

import pytest

from indexer.errors import UnreadableSource
from indexer.formats import parts_of, read_source
from indexer.formats.pandoc import reason
from indexer.model import Document

needs_pandoc = pytest.mark.skipif(
    not (importlib.util.find_spec("pypandoc") or shutil.which("pandoc")), reason="needs the extra `formats`"
)
# Reads its standard input under a name, and prints the reason for which it is refused and the memory of pandoc in kB.
READ = """
import resource, sys
from indexer.errors import UnreadableSource
from indexer.formats import read_source
try:
    read_source(sys.stdin.buffer.read(), sys.argv[1])
except UnreadableSource as error:
    print(error)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
RST = b"""#07 - A letter
##############

:date: 2018-08-22

News
====

- `A release`_

  It comes with words.

.. _`A release`: https://example.org/release

- Read :ref:`the forum <https://example.org/forum>` and :rev:`2eaf90b305`.

.. rubric:: Others

- Remove old support

.. unheard-of:: x

   Words in it.

.. include:: /etc/passwd
"""
MAIL = b"""From: A Letter <news@example.org>
Subject: =?utf-8?q?A_letter_=2342_=E2=80=93_new?=
Date: Wed, 17 Aug 2022 08:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="b1"

--b1
Content-Type: text/plain; charset=utf-8

* Plain words

--b1
Content-Type: text/html; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

<h2>News</h2><ul><li><a href=3D"https://example.org/a">A caf=E9 tal=
k</a></li></ul>

--b1--
"""
BOX = b"".join(b"From news@example.org Wed Aug 17 08:00:00 2022\n" + MAIL + b"\n" for _ in range(2))
ORG = b"#+title: May news\n#+date: 2024-05-20\n\n* Articles\n- [[https://example.org/a][A first]] - a note\n"
ADOC = b"= News 02/2019\nAnn Bee\n\n== Questions\n\n- https://example.org/q/1[How to]\n"


def blocks(document: Document) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in document.blocks]


def test_restructured_text_is_read_and_unknown_parts_are_problems() -> None:
    (document,) = read_source(RST, "a.rst")
    assert (document.title, document.date and document.date.date()) == ("#07 - A letter", date(2018, 8, 22))
    assert blocks(document)[:3] == [("heading", "News"), ("bullet", "A release"), ("paragraph", "It comes with words.")]
    assert ("heading", "Others") in blocks(document)
    assert ("bullet", "Read the forum <https://example.org/forum> and 2eaf90b305.") in blocks(document)
    assert document.blocks[1].line == 9
    assert any('Unknown directive type "unheard-of"' in each.message for each in document.problems)
    assert not any("root:" in text for _, text in blocks(document))


def test_a_mail_is_read_by_its_html() -> None:
    (document,) = read_source(MAIL, "a.eml")
    assert blocks(document) == [("heading", "News"), ("bullet", "A café talk")]
    assert (document.title, document.date and document.date.date()) == ("A letter #42 – new", date(2022, 8, 17))


def test_a_mail_of_plain_text_is_read() -> None:
    plain = b"From: a@example.org\nDate: Wed, 17 Aug 2022 08:00:00 +0000\nSubject: One\n\nWords.\n\n* A thing\n"
    (document,) = read_source(plain, "download")
    assert blocks(document) == [("bullet", "A thing")] or ("bullet", "A thing") in blocks(document)
    assert document.title == "One"


def test_a_mailbox_is_read_message_by_message() -> None:
    assert [document.title for document in read_source(BOX, "a.mbox")] == ["A letter #42 – new"] * 2
    assert [suffix for _, suffix in parts_of(BOX, "a.mbox")] == [".eml", ".eml"]


@needs_pandoc
def test_org_is_read() -> None:
    (document,) = read_source(ORG, "a.org")
    assert (document.title, document.date and document.date.date()) == ("May news", date(2024, 5, 20))
    assert blocks(document) == [("heading", "Articles"), ("bullet", "A first - a note")]
    assert [block.line for block in document.blocks] == [4, 5]


@needs_pandoc
def test_asciidoc_is_read() -> None:
    (document,) = read_source(ADOC, "a.adoc")
    assert document.title == "News 02/2019"
    assert next(document.blocks[-1].links()).url == "https://example.org/q/1"


@needs_pandoc
def test_a_broken_archive_is_refused() -> None:
    with pytest.raises(UnreadableSource, match="pandoc could not read the file as docx"):
        read_source(b"PK\x03\x04 not a document", "a.docx")


@needs_pandoc
@pytest.mark.parametrize(
    ("raw", "name"),
    [(b"*a /b " * 200_000, "a.org"), (b"{{a|" * 300_000, "a.wiki"), (b"*a _b " * 200_000, "a.textile")],
    ids=["org", "wiki", "textile"],
)
def test_a_text_that_exhausts_the_memory_of_pandoc_is_refused(raw: bytes, name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", READ, name], input=raw, capture_output=True, text=False, timeout=300, check=True
    )
    said, kilobytes = done.stdout.decode().splitlines()
    assert re.search("pandoc (needed more than 300 MB of memory|took more than (5|20) seconds)", said)
    assert int(kilobytes) <= 300_000


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs signals")
@pytest.mark.parametrize(
    ("status", "stderr", "said"),
    [
        (-signal.SIGKILL, b"", "pandoc took more than 5 seconds of CPU time. Save the file as HTML."),
        (-signal.SIGSEGV, b"", f"pandoc could not read the file as org (status -{signal.SIGSEGV:d})."),
        (64, b"Unknown\nword", "pandoc could not read the file as org (Unknown word)."),
    ],
)
def test_the_message_says_why_pandoc_failed(status: int, stderr: bytes, said: str) -> None:
    assert reason(subprocess.CompletedProcess([], status, b"", stderr), "org") == said


@needs_pandoc
def test_a_long_document_is_converted() -> None:
    items = "".join(f"* A heading {n}\n- [[https://example.org/{n}][A link]] with /some/ words\n" for n in range(900))
    assert len(blocks(read_source(items.encode(), "a.org")[0])) == 1_000


@pytest.mark.parametrize("name", ["a.py", "a.csv", "a.pdf", "a.tex", "a.json", "a.xml"])
def test_an_unknown_format_is_refused_by_name(name: str) -> None:
    with pytest.raises(UnreadableSource, match=rf"{name}: \{name[1:]} files cannot be read. Save it as HTML or as"):
        read_source(b"# Words\n\n- [One](https://a.example)\n", name)


@pytest.mark.parametrize("head", [b"From: x\nDate: y\n\n", b"From: x\nDate: y\nContent-Type: multipart/mixed\n\nx"])
def test_a_mail_without_text_is_refused(head: bytes) -> None:
    with pytest.raises(UnreadableSource):
        read_source(head, "a.eml")


HEADS = {
    "toml": '+++\ntitle = "A letter 12"\ndate = "2024-04-30"\n+++\n',
    "toml with a date": '+++\ntitle = "A letter 12"\ndate = 2024-04-30\n+++\n',
    "pelican": "Title: A letter 12\nDate: 2024-04-30\nCategory: Letters\n\n",
    "published": '---\ntitle: A letter 12\npublished: "2024-04-30T06:30:00Z"\n---\n',
    "pubDate": "---\ntitle: A letter 12\npubDate: Apr 30th 2024\n---\n",
}


@pytest.mark.parametrize("kind", HEADS)
def test_front_matter_of_every_kind_is_read(kind: str) -> None:
    (document,) = read_source(f"{HEADS[kind]}# News\n\n- One\n".encode(), "a.md")
    assert (document.title, document.date and document.date.date()) == ("A letter 12", date(2024, 4, 30))
    assert blocks(document) == [("heading", "News"), ("bullet", "One")]


def test_a_paragraph_that_begins_with_a_word_and_a_colon_is_text() -> None:
    (document,) = read_source(b"Note: one thing\nWarning: another\n\n- One\n", "a.md")
    assert blocks(document)[0] == ("paragraph", "Note: one thing Warning: another")


def test_a_terminal_gets_no_control_characters() -> None:
    from indexer.controls import visible

    assert visible("a\x1b[31m \x9b \u202e b\n") == "a\ufffd[31m \ufffd \ufffd b\n"
