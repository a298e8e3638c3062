"""Create repositories with real git: commits on branches, merges, reverts, backports and tags at given times."""

from __future__ import annotations

import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

MAINTAINER = "David S. Miller <davem@davemloft.net>"


def seconds(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp())


class History:
    """A history under construction. Each commit gets a mark, and `save` passes all to `git fast-import`."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self.marks = 0
        self.heads: dict[str, int] = {}
        self.tags: list[tuple[str, int, int]] = []

    def commit(
        self,
        message: str,
        author: str = MAINTAINER,
        when: int = 0,
        *,
        sent: int = 0,
        branch: str = "master",
        merging: int = 0,
        start: int = 0,
        mailmap: str = "",
        files: str = "",
    ) -> int:
        """Add a commit and return its mark. `start` begins a new branch, `merging` is a second parent.

        `files` are paths to add, separated by blanks.
        """
        self.marks += 1
        text = message.encode()
        self.lines += [
            f"commit refs/heads/{branch}\nmark :{self.marks}\n".encode(),
            f"author {author} {sent or when} +0000\ncommitter {MAINTAINER} {when} +0000\n".encode(),
            b"data %d\n%s\n" % (len(text), text),
        ]
        if parent := self.heads.get(branch) or start:
            self.lines.append(f"from :{parent}\n".encode())
        if merging:
            self.lines.append(f"merge :{merging}\n".encode())
        self.lines.append(
            f"M 100644 inline file-{self.marks % 20}\ndata {len(str(self.marks))}\n{self.marks}\n".encode()
        )
        if mailmap:
            self.lines.append(f"M 100644 inline .mailmap\ndata {len(mailmap.encode())}\n{mailmap}\n".encode())
        self.lines += [f"M 100644 inline {path}\ndata 0\n\n".encode() for path in files.split()]
        self.heads[branch] = self.marks
        return self.marks

    def tag(self, name: str, when: int, *, branch: str = "master") -> None:
        """Tag the head of a branch."""
        self.tags.append((name, self.heads[branch], when))

    def save(self, folder: Path, object_format: str = "sha1") -> dict[int, str]:
        """Write the repository, and return commit ids by mark."""
        git("init", "-q", "-b", "master", f"--object-format={object_format}", str(folder))
        for name, mark, when in self.tags:
            self.lines.append(
                f"tag {name}\nfrom :{mark}\ntagger {MAINTAINER} {when} +0000\ndata {len(name)}\n{name}\n".encode()
            )
        marks = folder / ".git" / "marks"
        git("-C", str(folder), "fast-import", "--quiet", f"--export-marks={marks}", given=b"".join(self.lines))
        pairs = (line.split() for line in marks.read_text().splitlines())
        return {int(mark[1:]): commit for mark, commit in pairs}


def git(*arguments: str, given: bytes = b"") -> str:
    """Run git without user settings, and return its output."""
    ran = subprocess.run(
        ["git", *arguments],
        input=given,
        capture_output=True,
        check=True,
        timeout=600,
        env={
            "PATH": "/usr/bin:/bin",
            "HOME": "/nonexistent",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": "/dev/null",
        },
    )
    return ran.stdout.decode()
