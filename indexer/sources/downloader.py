"""The settings of downloads, apart from what downloads: most runs of a command that may download have only files."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST = 30.0  # seconds for a download, including redirects and retries
FIRST_WAIT = 0.5
PAUSE = 0.5


@dataclass(frozen=True, slots=True)
class Downloader:
    """Settings of downloads: `private` allows private networks, `pause` is the wait between two in seconds."""

    private: bool = False
    pause: float = PAUSE
    first_wait: float = FIRST_WAIT
    longest: float = LONGEST

    def download(self, url: str, etag: str = "") -> tuple[bytes | None, str]:
        """Return the content of a URL and its entity tag. The content is None if the given tag is still current.

        Temporary failures are retried until the deadline. Raises `FetchFailed`.
        """
        from indexer.sources.downloads import download  # with httpx, which takes a tenth of the CPU time of `add FILE`

        return download(url, etag, private=self.private, first_wait=self.first_wait, longest=self.longest)
