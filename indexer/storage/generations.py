"""The index folder read: which generation of the index is current, and what it says of itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from indexer.errors import IndexDamaged, IndexMissing
from indexer.storage.ownership import check_ours

POINTER = "current"
ABOUT = "about.json"
MORE = "more.json"  # what `about.json` leaves out, as few ask for it
LATER = ("landings",)
ENTRIES = "entries.map"  # which segments there are, and the order of the entries
CHECKED = "checked"  # which generation was last found whole, and in which run of the machine
BOOT = Path("/proc/sys/kernel/random/boot_id")
MEND = "run backissue index"
UNSEALED = (ABOUT, "MAIN_WRITELOCK")  # the latter is Whoosh's own lock, which holds nothing


def index_folder(data: Path) -> Path:
    return data / "index"


def pointer(folder: Path) -> list[str]:
    """Return the name of the current generation and the checksum of what it says of itself, where that can be read."""
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
    """Return the folder of the current generation; raises `IndexMissing` where there is none."""
    folder = index_folder(data)
    try:
        name = "".join(read_pointer(folder)[:1])
    except (FileNotFoundError, NotADirectoryError) as error:
        raise IndexMissing(f"{folder}: there is no index yet; run backissue index") from error
    except OSError as error:
        raise IndexMissing(f"{folder}: the index cannot be read ({error}); run backissue index") from error
    if not name.startswith("generation-") or "/" in name or not (folder / name / ABOUT).is_file():
        raise IndexDamaged(f"{folder}: the index is damaged, its current generation is not there; run backissue index")
    generation = folder / name
    try:
        check_ours(data, folder, folder / POINTER, generation, *generation.iterdir())
    except OSError as error:
        raise IndexMissing(f"{generation}: the index cannot be read ({error}); run backissue index") from error
    return generation


def read_about(generation: Path, expected_format: int) -> About:
    """Return what a generation says of itself, once its files were found to be there in full length.

    Their contents are not read (see `check_contents`), unless the machine was started since they last were: a file
    that a power failure spoilt may have its full length. Raises `IndexMissing` for a generation that is damaged or of
    another format.
    """
    try:
        said = (generation / ABOUT).read_bytes()
        sealed = [generation.name, hashlib.sha256(said).hexdigest()] == pointer(generation.parent)
        about = json.loads(said) if sealed else {}
        if sealed and (not isinstance(about, dict) or about.get("format") != expected_format):
            raise IndexDamaged(f"{generation}: the index is of another version of backissue; run backissue index")
        sizes = {path.name: path.stat().st_size for path in files(generation)}
        if not sealed or sizes != {name: size for name, (size, _) in about["files"].items()}:
            raise IndexDamaged(f"{generation}: the index is damaged, a file is not as it was written; {MEND}")
        if not is_marked(generation):
            check_contents(generation, about)
    except (OSError, ValueError) as error:
        raise IndexMissing(f"{generation}: the index cannot be read ({error}); {MEND}") from error
    return About(generation, about)


class About(dict[str, Any]):
    """What a generation says of itself; what few ask for is read when it is asked for."""

    def __init__(self, generation: Path, said: Mapping[str, Any]) -> None:
        super().__init__(said)
        self._generation = generation

    def __missing__(self, key: str) -> Any:
        if key not in LATER:
            raise KeyError(key)
        self.update(json.loads((self._generation / MORE).read_bytes()))
        return self[key]


def check_contents(generation: Path, about: dict[str, Any]) -> None:
    """Read all files of a generation, and mark it as whole; raises `IndexMissing` where one has other contents."""
    wrong = [name for name, (_, digest) in about["files"].items() if checksum(generation / name) != digest]
    if wrong:
        raise IndexDamaged(f"{generation}: the index is damaged, {', '.join(wrong)} has other contents; {MEND}")
    with suppress(OSError):  # a data folder that may only be read is checked each time
        mark(generation)


def mark(generation: Path) -> None:
    """Note that the contents of a generation are whole since this start of the machine."""
    marker = generation.parent / CHECKED
    marker.touch(0o644)
    marker.write_text(f"{generation.name} {start_of_machine()}", encoding="ascii")


def is_marked(generation: Path) -> bool:
    """Return whether the contents of a generation were found whole since the machine was started."""
    try:
        marked = (generation.parent / CHECKED).read_text(encoding="ascii")
    except (OSError, ValueError):
        return False
    return marked == f"{generation.name} {start_of_machine()}"


def start_of_machine() -> str:
    """Return what changes whenever the machine is started; nothing where the system does not tell."""
    try:
        return BOOT.read_text(encoding="ascii").strip()
    except OSError:
        return ""


def files(generation: Path) -> list[Path]:
    """Return the files of a generation that it lists; one too many is as wrong as one that is missing."""
    return [path for path in sorted(generation.iterdir()) if path.name not in UNSEALED]


def checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
