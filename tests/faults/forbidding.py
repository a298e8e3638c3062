"""A read-only data folder: reading commands work, writing commands report it."""

from __future__ import annotations

from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from indexer.sources.archive import Archive
from tests.faults.damaging import call
from tests.faults.stage import NUMBERS, files, must, original_text, put_retold, three_issues
from tests.users import without_override
from webui.building import make_ready

READING = (("search", "bpf"), ("issues",), ("stats",), ("kernel", "v4.12"), ("export", "bpf"))


@dataclass(frozen=True, slots=True)
class Forbidden:
    """The numbers of commands that worked, and that reported missing permissions."""

    went_on: int
    said_so: int

    def __str__(self) -> str:
        return (
            f"Made the data folder read-only: {self.went_on} reading commands worked, {self.said_so} writing commands "
            "failed with one message each, and nothing changed"
        )


def forbid(folder: Path) -> Forbidden:
    """Make the data folder read-only, and run commands that read and write."""
    archive = three_issues(folder)
    must(call(archive, "index").status == 0, "the index could not be built")
    original = folder / "one.md"
    original.write_text(original_text(NUMBERS[0], "new"), encoding="utf-8")
    before = files(archive.data)
    paths = (archive.data, *archive.data.rglob("*"))
    for path in paths:
        path.chmod(0o555)
    with without_override():
        for name, *args in READING:
            must(call(archive, name, *args).status == 0, f"{name} needs to write")
        with redirect_stdout(StringIO()):
            make_ready(Archive(archive.folder, archive.data))
        put_retold(archive, NUMBERS[1], "new")
        writing = [call(archive, "index"), call(archive, "add", str(original), "--replace")]
        writing.append(call(archive, "serve", "--port", "0"))
    for path in paths:
        path.chmod(0o755)
    must(all(ended.explained for ended in writing), f"writing commands ended with {writing}")
    must(files(archive.data) == before, "a read-only data folder was written to")
    return Forbidden(len(READING) + 1, len(writing))
