"""Downloads: issues' source texts from where newsletters.toml says they are kept, and single addresses."""

from __future__ import annotations

import ipaddress
import json
import random
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import urljoin, urlsplit

import httpx

from indexer import __version__
from indexer.errors import FetchFailed
from indexer.model import LARGEST, Newsletter
from indexer.sources.archive import Archive, write_whole

TIMEOUT = httpx.Timeout(20.0, connect=10.0)
LONGEST = 60.0  # seconds for one download as a whole
TRIES = 4
FIRST_WAIT = 0.5
LONGEST_WAIT = 10.0
PAUSE = 0.5
MOST_REDIRECTS = 5
TEMPORARY = (408, 425, 429, 500, 502, 503, 504)
TAGS = "fetched.json"
TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # IPv4 by a translator, RFC 6052


@dataclass(frozen=True, slots=True)
class Fetched:
    """One issue's download: the text, None where the server says that it has not changed since the last time."""

    number: int
    raw: bytes | None
    suffix: str
    url: str
    etag: str = ""


@dataclass(frozen=True, slots=True)
class Downloader:
    """How downloads behave: `private` allows private networks, `pause` is the wait between two, in seconds."""

    private: bool = False
    pause: float = PAUSE
    first_wait: float = FIRST_WAIT

    def download(self, url: str, etag: str = "") -> tuple[bytes | None, str]:
        """Return what an address holds, and its entity tag; None where it still has the tag that is given.

        Tries again after errors that may pass. Raises `FetchFailed` with the last of them, and at once for an
        address that is no http or https, too large an answer, or a host of a private network.
        """
        wait = self.first_wait
        for attempt in range(1, TRIES + 1):
            try:
                return self.once(url, etag, attempt)
            except httpx.DecodingError as error:
                raise FetchFailed(f"{url}: the server packed its answer wrongly ({error})") from error
            except (httpx.TransportError, TemporaryFailure) as error:
                if attempt == TRIES:
                    raise FetchFailed(f"{url}: {reason(error)}, {TRIES} times; try again later") from error
                time.sleep(max(wait, getattr(error, "after", 0.0)) * (1 + random.random() / 4))  # noqa: S311
                wait *= 2
        raise AssertionError("the loop returns or raises")

    def once(self, url: str, etag: str, attempt: int = 1) -> tuple[bytes | None, str]:
        headers = {"User-Agent": f"backissue/{__version__}"} | ({"If-None-Match": etag} if etag else {})
        address, deadline = url, time.monotonic() + LONGEST
        with httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=not self.private) as client:
            for _ in range(MOST_REDIRECTS + 1):
                named, checked = self.checked(address, attempt)
                # The checked address is connected to, whatever the name says by then; the server is told the name.
                told = {"Host": named.netloc.decode("ascii")}
                with client.stream(
                    "GET", checked, headers=headers | told, extensions={"sni_hostname": named.host}
                ) as answer:
                    if answer.is_redirect and "location" in answer.headers:
                        address = redirected(address, answer.headers["location"])
                        continue
                    return body_of(answer, url, deadline)
        raise FetchFailed(f"{url}: more than {MOST_REDIRECTS} redirects; give the address that they lead to")

    def checked(self, url: str, attempt: int) -> tuple[httpx.URL, httpx.URL]:
        """Return an address, and the same with a number in place of its host, another one with each attempt.

        Refuses an address that a stranger's link should not reach from here.
        """
        try:
            named = httpx.URL(url)
            host, port = named.host, urlsplit(url).port
        except (ValueError, httpx.InvalidURL) as error:
            raise FetchFailed(f"{url}: this is no address ({error})") from error
        if named.scheme not in ("http", "https") or not host:
            raise FetchFailed(f"{url}: only http and https addresses are fetched")
        if self.private:
            return named, named
        found = numbers_of(url, host, port or named.scheme)
        if not all(map(is_public, found)):
            raise FetchFailed(f"{url}: {host} is on a private network; --allow-private fetches it all the same")
        return named, named.copy_with(host=found[(attempt - 1) % len(found)])


def numbers_of(url: str, host: str, port: int | str) -> list[str]:
    """Return the numbers of a host; raises `FetchFailed` where the name can be none."""
    try:
        return [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except UnicodeError as error:
        raise FetchFailed(f"{url}: {host!r} names no host") from error
    except OSError as error:
        raise httpx.ConnectError(f"{host} is not known ({error})") from error


def is_public(number: str) -> bool:
    """Return whether a number is one of the public network; an IPv4 number inside an IPv6 one counts as itself."""
    address = ipaddress.ip_address(number)
    if isinstance(address, ipaddress.IPv6Address):
        inside = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if address in TRANSLATED else None
        address = address.ipv4_mapped or address.sixtofour or inside or address
    return address.is_global and not address.is_multicast


class TemporaryFailure(Exception):
    """An answer that may be another one later; `after` is the wait that the server asks for, in seconds."""

    def __init__(self, status: int, after: float) -> None:
        super().__init__(f"the server answered {status}")
        self.after = after


def body_of(answer: httpx.Response, url: str, deadline: float) -> tuple[bytes | None, str]:
    """Return the body of an answer, at most as much as an issue may have."""
    if answer.status_code == httpx.codes.NOT_MODIFIED:
        return None, answer.headers.get("etag", "")
    if answer.status_code in TEMPORARY:
        after = answer.headers.get("retry-after", "")
        asked = float(after) if after.isascii() and after.isdigit() else 0.0
        raise TemporaryFailure(answer.status_code, min(asked, LONGEST_WAIT))
    if answer.status_code != httpx.codes.OK:
        raise FetchFailed(f"{url}: the server answered {answer.status_code}; check the address")
    body = bytearray()
    for chunk in answer.iter_bytes():
        body += chunk
        if len(body) > LARGEST:
            raise FetchFailed(f"{url}: more than {LARGEST:,} bytes, which no issue has")
        if time.monotonic() > deadline:
            raise FetchFailed(f"{url}: not done after {LONGEST:.0f} seconds; try again later")
    return bytes(body), answer.headers.get("etag", "")


def redirected(address: str, location: str) -> str:
    """Return the address that a redirect leads to; raises `FetchFailed` where it is none."""
    try:
        return urljoin(address, location)
    except ValueError as error:
        raise FetchFailed(f"{address}: it redirects to {location!r}, which is no address") from error


def reason(error: Exception) -> str:
    return str(error) or type(error).__name__


def fetch_issues(
    newsletter: Newsletter, archive: Archive, downloader: Downloader, progress: Callable[[int, int], None]
) -> Iterator[Fetched]:
    """Yield the source text of each issue that newsletters.toml lists, one download at a time, with a pause between.

    Raises `FetchFailed` where the newsletter lists none, and for the first issue that cannot be had.
    """
    wanted = [facts for facts in newsletter.issues.values() if facts.source_path]
    if not wanted or not newsletter.raw:
        raise FetchFailed(f"{newsletter.id}: archive/newsletters.toml does not say where its source text is kept")
    tags = read_tags(archive, newsletter.id)
    for done, facts in enumerate(wanted):
        progress(done, len(wanted))
        url = newsletter.raw.format(repository=newsletter.repository, commit=newsletter.commit, path=facts.source_path)
        suffix = PurePosixPath(facts.source_path).suffix
        kept = archive.original_at(newsletter.id, facts.number, suffix)
        known = tags.get(str(facts.number), {})
        etag = known.get("etag", "") if known.get("url") == url and kept.exists() else ""
        raw, new_tag = downloader.download(url, etag)
        yield Fetched(facts.number, raw, suffix, url, new_tag)
        if done + 1 < len(wanted):
            time.sleep(downloader.pause)
    progress(len(wanted), len(wanted))


def read_tags(archive: Archive, newsletter: str) -> dict[str, dict[str, str]]:
    try:
        held = json.loads((archive.originals / newsletter / TAGS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(held, dict):
        return {}
    return {number: known for number, known in held.items() if isinstance(known, dict)}


def remember(archive: Archive, newsletter: str, fetched: Fetched) -> None:
    """Keep the tag of a download, so that the same text is not sent again."""
    tags = read_tags(archive, newsletter)
    tags[str(fetched.number)] = {"url": fetched.url, "etag": fetched.etag}
    write_tags(archive, newsletter, tags)


def write_tags(archive: Archive, newsletter: str, tags: dict[str, dict[str, str]]) -> None:
    folder = archive.originals / newsletter
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / TAGS, json.dumps(tags, indent=1).encode())
