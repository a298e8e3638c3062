"""Read the index folder: the current generation and its metadata."""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from indexer.errors import IndexDamaged, IndexMissing
from indexer.storage.ownership import check_ours

POINTER = "current"
ABOUT = "about.json"
MORE = "more.json"  # metadata that is rarely needed and not in `about.json`
SERIES = "series.json"  # the series of patches, which only building reads
LATER = ("landings",)
ENTRIES = "entries.map"  # the segments and the order of the entries
CHECKED = "checked"  # the generation that was last verified, and the boot in which it was
BOOT = Path("/proc/sys/kernel/random/boot_id")
MEND = "Run backissue index."
UNSEALED = (ABOUT, "MAIN_WRITELOCK")  # the latter is Whoosh's own, empty lock file


def index_folder(data: Path) -> Path:
    return data / "index"


def pointer(folder: Path) -> list[str]:
    """Return the name of the current generation and the checksum of its metadata; empty if unreadable."""
    try:
        return read_pointer(folder)
    except OSError:
        return []


def read_pointer(folder: Path) -> list[str]:
    try:
        return (folder / POINTER).read_text(encoding="ascii").split()
    except UnicodeDecodeError:
        return []


def current(data: Path) -> Path:
    """Return the folder of the current generation. Raises `IndexMissing` if there is none."""
    folder = index_folder(data)
    try:
        name = "".join(read_pointer(folder)[:1])
    except (FileNotFoundError, NotADirectoryError) as error:
        raise IndexMissing(f"{folder}: There is no index yet. {MEND}") from error
    except OSError as error:
        raise IndexMissing(f"{folder}: The index cannot be read ({error}). {MEND}") from error
    if not name.startswith("generation-") or "/" in name or not (folder / name / ABOUT).is_file():
        raise IndexDamaged(f"{folder}: The index is damaged: its current generation is missing. {MEND}")
    generation = folder / name
    try:
        check_ours(data, folder, folder / POINTER, generation, *generation.iterdir())
    except OSError as error:
        raise IndexMissing(f"{generation}: The index cannot be read ({error}). {MEND}") from error
    return generation


def read_about(generation: Path, expected_format: int) -> About:
    """Return the metadata of a generation, after checking that all its files exist with their full length.

    The contents are read only if the machine was restarted since the last verification (see `check_contents`),
    because a file damaged by a power failure may have its full length. Raises `IndexMissing` for a generation that
    is damaged or has another format.
    """
    try:
        said = (generation / ABOUT).read_bytes()
        sealed = [generation.name, hashlib.sha256(said).hexdigest()] == pointer(generation.parent)
        about = json.loads(said) if sealed else {}
        if sealed and (not isinstance(about, dict) or about.get("format") != expected_format):
            raise IndexDamaged(f"{generation}: The index was built by another version of backissue. {mend(about)}")
        sizes = {path.name: path.stat().st_size for path in files(generation)}
        if not sealed or sizes != {name: size for name, (size, _) in about["files"].items()}:
            raise IndexDamaged(f"{generation}: The index is damaged: its files do not match its list of files. {MEND}")
        if not is_marked(generation):
            check_contents(generation, about)
        return About(generation, about)
    except (OSError, ValueError) as error:
        raise IndexMissing(f"{generation}: The index cannot be read ({error}). {MEND}") from error


class About(dict[str, Any]):
    """The metadata of a generation; rarely needed parts are read on demand."""

    def __init__(self, generation: Path, said: Mapping[str, Any]) -> None:
        super().__init__(said)
        self._path = generation / MORE
        self._more = self._path.read_bytes()  # now: the next build may remove the generation

    def __missing__(self, key: str) -> Any:
        if key not in LATER:
            raise KeyError(key)
        try:
            self.update(json.loads(self._more))
        except ValueError as error:
            raise IndexDamaged(f"{self._path}: The index is damaged ({error}). {MEND}") from error
        return self[key]


def mend(about: Mapping[str, Any]) -> str:
    """Return how to build an index again from the same archive, given its metadata."""
    if not isinstance(about, dict) or about.get("shipped", True):
        return MEND
    return f"Run backissue index --archive {shlex.quote(about['archive'])}."


def check_contents(generation: Path, about: dict[str, Any]) -> None:
    """Verify the contents of all files of a generation and mark it as verified. Raises `IndexMissing` on damage.

    A damaged generation loses its mark, so that the next build does not take over its segments.
    """
    wrong = [name for name, (_, digest) in about["files"].items() if checksum(generation / name) != digest]
    if wrong:
        with suppress(OSError):
            (generation.parent / CHECKED).unlink()
        raise IndexDamaged(
            f"{generation}: The index is damaged: the contents of {', '.join(wrong)} have changed. {MEND}"
        )
    with suppress(OSError):  # a read-only data folder is verified each time
        mark(generation)


def mark(generation: Path) -> None:
    """Record that a generation was verified since the machine booted."""
    marker = generation.parent / CHECKED
    marker.touch(0o644)
    marker.write_text(f"{generation.name} {start_of_machine()}", encoding="ascii")


def is_marked(generation: Path) -> bool:
    """Return whether a generation was verified since the machine booted."""
    try:
        marked = (generation.parent / CHECKED).read_text(encoding="ascii")
    except (OSError, ValueError):
        return False
    return marked == f"{generation.name} {start_of_machine()}"


def start_of_machine() -> str:
    """Return an id of the current boot, or "" if the system has none."""
    try:
        return BOOT.read_text(encoding="ascii").strip()
    except OSError:
        return ""


def files(generation: Path) -> list[Path]:
    """Return the files of a generation; an unlisted file is as wrong as a missing one."""
    return [path for path in sorted(generation.iterdir()) if path.name not in UNSEALED]


def checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
