"""Turn Org, AsciiDoc, DOCX, EPUB and other formats into documents with pandoc."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from pathlib import Path

from indexer.errors import ExtraMissing, UnreadableSource
from indexer.formats.contained import MEGABYTES
from indexer.formats.converted import document_of
from indexer.formats.dates import as_date
from indexer.formats.headed import read_headed
from indexer.formats.rendered import parse_fragment
from indexer.model import Document

SECONDS = 20  # wall time for one file; processor time has its own limit
PROCESSOR_SECONDS = 5
HEAP = 130  # MB of its heap; the process takes up to 160 MB more, measured with texts that exhaust it
HEAP_EXHAUSTED = 251  # exit status of programs compiled by GHC
# Exit statuses at the limit on CPU time; Windows has neither the limit nor the signals.
LIMITED = tuple(-number for name in ("SIGXCPU", "SIGKILL") if (number := getattr(signal, name, 0)))
ARGUMENTS = ("--sandbox", "--standalone", "--wrap=none", "--to=html")
# Includes of other files, which are not available, and conditions: AsciiDoc's include and ifdef, Org's #+INCLUDE.
INCLUDE = re.compile(
    r"^(?:include::\S[^\[\n]*\[.*\]|(?:ifn?def|endif)::[^\s\[]{0,200}\[(?::.*)?\]|ifeval::\[.*\]|#\+include:.*)$",
    re.M | re.I,
)
# The text of an AsciiDoc link. pandoc reads commas, dots and quotation marks in it as attributes.
ADOC_LINK = re.compile(
    r"(?P<target>(?:link:|https?://)[^\s\[\]]{1,2000})"
    r"\[(?P<text>[^\[\]\n]{1,500}?)(?P<rest>\^?(?:, ?\w+=[^\[\]\n]*)?)\]"
)
ADOC_DATE = re.compile(r"^:(?:page-)?(?:rev|pub)?date:[ \t]+(?P<date>\S.{0,60})$", re.M)
PROTECTED = {ord(sign): 0xE000 + i for i, sign in enumerate(",.#%\"'")}
ADDRESS = re.compile(r"^[\w.+-]+@[\w.-]+$")  # an e-mail address, which pandoc links automatically
RESTORED = {code: chr(sign) for sign, code in PROTECTED.items()}
BINARY = ("docx", "epub", "odt")


def read_with_pandoc(raw: bytes, where: str, written_in: str) -> Document:
    """Return the document of a file in one of pandoc's formats.

    Raises `UnreadableSource` if pandoc cannot read it, and `ExtraMissing` if pandoc is not installed.
    """
    if written_in in BINARY:
        return convert(raw, where, written_in)
    text = INCLUDE.sub("", raw.decode("utf-8", "replace").replace("\r\n", "\n"))
    if written_in == "asciidoc":
        text = ADOC_LINK.sub(protected, text)
    document = read_headed(text, where, lambda body, name: convert(body.encode(), name, written_in))
    said = ADOC_DATE.search(text) if written_in == "asciidoc" and document.date is None else None
    return replace(document, date=as_date(said["date"])) if said else document


def protected(link: re.Match[str]) -> str:
    """Return an AsciiDoc link, escaped so that pandoc reads its text literally."""
    return f"{link['target']}[{unescape(link['text']).translate(PROTECTED)}{link['rest']}]"


def convert(raw: bytes, where: str, written_in: str) -> Document:
    """Run pandoc on a file and return the document."""
    command = [str(pandoc(where)), "+RTS", f"-M{HEAP}m", "-RTS", f"--from={written_in}", *ARGUMENTS]
    try:
        ran = subprocess.run(  # noqa: S603  the program is pandoc, and the file is its standard input
            command, input=raw, capture_output=True, timeout=SECONDS, check=False, preexec_fn=limits()
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadableSource(f"{where}: pandoc took more than {SECONDS} seconds. Save the file as HTML.") from error
    if ran.returncode:
        raise UnreadableSource(f"{where}: {reason(ran, written_in)}")
    page = parse_fragment(ran.stdout.decode("utf-8", "replace").translate(RESTORED))
    for link in page.find_all("a", href=ADDRESS):
        link["href"] = f"mailto:{link['href']}"
    head = page.find(id="title-block-header")
    title, date = (head.select_one(name) if head else None for name in (".title", ".date"))
    if head:
        head.extract()
    source = "" if written_in in BINARY else raw.decode("utf-8", "replace")
    body = page.body.decode_contents() if page.body else ""
    return document_of(body, source, where, title.get_text() if title else "", date.get_text() if date else "")


def reason(ran: subprocess.CompletedProcess[bytes], written_in: str) -> str:
    """Return why pandoc ended without a result, as a sentence."""
    if ran.returncode == HEAP_EXHAUSTED:
        return f"pandoc needed more than {MEGABYTES} MB of memory. Save the file as HTML."
    if ran.returncode in LIMITED:
        return f"pandoc took more than {PROCESSOR_SECONDS} seconds of CPU time. Save the file as HTML."
    said = " ".join(ran.stderr.decode("utf-8", "replace").split())[:200] or f"status {ran.returncode}"
    return f"pandoc could not read the file as {written_in} ({said})."


def pandoc(where: str) -> Path:
    """Return the path of pandoc: from pypandoc-binary, or else from the system."""
    try:
        import pypandoc

        return Path(pypandoc.get_pandoc_path())
    except (ImportError, OSError):
        found = shutil.which("pandoc")
    if found is None:
        raise ExtraMissing(
            f"{where}: This format needs pandoc, which is not installed. "
            "Install it with pip install 'backissue[formats]', or save the file as HTML."
        )
    return Path(found)


def limits() -> Callable[[], None] | None:
    """Return a function that limits pandoc's processor time; pandoc limits its own memory.

    The worker's limit on address space is lifted, because pandoc's runtime reserves more than that.
    """
    if sys.platform == "win32":
        return None
    import resource

    def bounded() -> None:
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
        resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))

    return bounded
