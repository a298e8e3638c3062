"""Download one URL: check the host, follow redirects and decode the body, within one deadline."""

from __future__ import annotations

import base64
import random
import re
import ssl
import time
import urllib.request
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

import httpcore
import httpx

from indexer import __version__
from indexer.errors import FetchFailed
from indexer.model import LARGEST
from indexer.sources.connecting import Allowance, BoundedNetwork, TooMuch, resolved
from indexer.sources.public import is_public

LONGEST_SILENCE = 15.0  # seconds without a byte
HEADERS = 500_000  # bytes of headers, over all responses of a download
TRIES = 4
LONGEST_WAIT = 10.0
MOST_REDIRECTS = 5
REDIRECTS = (301, 302, 303, 307, 308)
TEMPORARY = (408, 425, 429, 500, 502, 503, 504)
PIECE = 65_536  # bytes decoded at a time
GZIP = 16 + zlib.MAX_WBITS
USERINFO = re.compile(r"^(https?://)[^/@?#]*@")
TAG = re.compile(r"[!-~]{1,1000}")  # an entity tag that a request can have; servers send others, too
LONGEST_SHOWN = 300


class TemporaryFailure(Exception):
    """A failure that is worth a retry. `after` is the wait that the server asks for, in seconds."""

    def __init__(self, message: str, after: float = 0.0) -> None:
        super().__init__(message)
        self.after = after


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of a server. `body` is decoded, and empty unless the status is 200."""

    status: int
    headers: dict[str, str]
    body: bytes = b""


def download(url: str, etag: str, *, private: bool, first_wait: float, longest: float) -> tuple[bytes | None, str]:
    """Return the content of a URL and its entity tag, as `Downloader.download` does. Times are in seconds."""
    end, wait = time.monotonic() + longest, first_wait
    for attempt in range(1, TRIES + 1):
        try:
            return followed(url, etag, attempt, Allowance(end, LARGEST + HEADERS), private=private)
        except TooMuch as error:
            raise FetchFailed(
                f"{shown(url)}: The file has more than {LARGEST:,} bytes, the limit for an issue."
            ) from error
        except TemporaryFailure as error:
            pause = max(wait, error.after) * (1 + random.random() / 4)  # noqa: S311
            if attempt == TRIES or time.monotonic() + pause >= end:
                times = "once" if attempt == 1 else f"{attempt} times"
                raise FetchFailed(f"{shown(url)}: {error} (tried {times}). Please try again later.") from error
        time.sleep(pause)
        wait *= 2
    raise AssertionError("the loop returns or raises")


def followed(url: str, etag: str, attempt: int, allowance: Allowance, *, private: bool) -> tuple[bytes | None, str]:
    """Request a URL and follow its redirects. Raises `FetchFailed`, `TemporaryFailure` and `TooMuch`."""
    address = url
    for _ in range(MOST_REDIRECTS + 1):
        answer = request(parsed(address), etag, attempt, allowance, private=private)
        if answer.status in REDIRECTS and "location" in answer.headers:
            address = redirected(address, answer.headers["location"])
        else:
            return content(answer, url)
    raise FetchFailed(f"{shown(url)}: It redirects more than {MOST_REDIRECTS} times. Give the final URL.")


def request(named: httpx.URL, etag: str, attempt: int, allowance: Allowance, *, private: bool) -> Answer:
    """Send one request to one URL.

    The connection, direct or through a proxy, goes to the IP address that was checked. TLS verifies the host name.
    """
    proxy = None if private else proxy_for(named)
    number = checked(named, attempt, allowance, private=private)
    # A proxy gets the address as part of a URL, where IPv6 needs brackets.
    host = f"[{number}]" if proxy and ":" in number else number
    target = httpcore.URL(scheme=named.raw_scheme, host=host.encode("ascii"), port=named.port, target=named.raw_path)
    timeout = dict.fromkeys(("connect", "read", "write", "pool"), LONGEST_SILENCE)
    pool = httpcore.ConnectionPool(
        ssl_context=httpx.create_ssl_context() if named.scheme == "https" else None,
        proxy=proxy,
        network_backend=BoundedNetwork(allowance, {host: named.raw_host.decode("ascii")}),
    )
    try:
        with (
            pool,
            pool.stream("GET", target, headers=headers(named, etag), extensions={"timeout": timeout}) as response,
        ):
            return answer_of(response, named)
    except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, httpcore.ProxyError) as error:
        raise failure(named, error, allowance) from error


def checked(named: httpx.URL, attempt: int, allowance: Allowance, *, private: bool) -> str:
    """Return an IP address of a host, a different one with each attempt.

    Raises `FetchFailed` if one of its addresses is not public, because a link of a stranger must not reach the
    user's own network, unless `private` allows that.
    """
    host = named.raw_host.decode("ascii")
    try:
        found = resolved(host, named.port or 0, allowance)
    except UnicodeError as error:
        raise FetchFailed(f"{shown(named)}: {host!r} is not a host name. Check the URL.") from error
    except (OSError, httpcore.TimeoutException) as error:
        raise TemporaryFailure(f"The host {host} could not be found ({reason(error)})") from error
    if not private and not all(map(is_public, found)):
        raise FetchFailed(f"{shown(named)}: {host} is on a private network. Use --allow-private to fetch it anyway.")
    return found[(attempt - 1) % len(found)]


def parsed(address: str) -> httpx.URL:
    """Parse an http or https URL. Raises `FetchFailed` for anything else."""
    try:
        named = httpx.URL(address)
        usable = named.scheme in ("http", "https") and bool(named.host)
    except (ValueError, httpx.InvalidURL) as error:
        raise FetchFailed(f"{shown(address)}: This is not a valid URL ({error}).") from error
    if not usable:
        raise FetchFailed(f"{shown(address)}: Only http and https URLs can be fetched.")
    return named


def proxy_for(named: httpx.URL) -> httpcore.Proxy | None:
    """Return the proxy that the environment sets for a URL; None if it sets none."""
    proxies = urllib.request.getproxies()
    address = proxies.get(named.scheme) or proxies.get("all")
    if not address or urllib.request.proxy_bypass(named.host):
        return None
    try:
        proxy = httpx.Proxy(address if "://" in address else f"http://{address}")
    except (ValueError, httpx.InvalidURL) as error:
        raise FetchFailed(f"The proxy in the environment cannot be used: {error}.") from error
    if proxy.url.scheme not in ("http", "https"):
        raise FetchFailed(f"The proxy in the environment uses {proxy.url.scheme}. Set an http or https proxy.")
    return httpcore.Proxy(str(proxy.url), auth=proxy.raw_auth, ssl_context=proxy.ssl_context)


def headers(named: httpx.URL, etag: str) -> dict[str | bytes, str | bytes]:
    """Return the headers of a request. A name and password in the URL are sent to this URL only."""
    made: dict[str | bytes, str | bytes] = {
        "Host": named.netloc.decode("ascii"),
        "User-Agent": f"backissue/{__version__}",
        "Accept": "*/*",
        "Accept-Encoding": "gzip",
        "Connection": "close",
    }
    if named.userinfo:
        pair = f"{named.username}:{named.password}".encode()
        made["Authorization"] = f"Basic {base64.b64encode(pair).decode('ascii')}"
    return made | ({"If-None-Match": etag} if TAG.fullmatch(etag) else {})


def answer_of(response: httpcore.Response, named: httpx.URL) -> Answer:
    """Return the answer with its decoded body. Raises `FetchFailed` and `TooMuch`."""
    said: dict[str, str] = {}
    for name, value in response.headers:
        key = name.decode("latin-1").lower()
        said[key] = ", ".join(filter(None, (said.get(key), value.decode("latin-1"))))
    if response.status != httpx.codes.OK:
        return Answer(response.status, said)
    codings = [each.strip().lower() for each in said.get("content-encoding", "").split(",")]
    codings = [each for each in codings if each not in ("", "identity")]
    if codings not in ([], ["gzip"], ["x-gzip"]):
        raise FetchFailed(
            f"{shown(named)}: The server encoded its answer as {shown(', '.join(codings))}; only gzip is read."
        )
    raw = iter(response.iter_stream())
    body = bytearray()
    for piece in unzipped(raw, named) if codings else raw:
        body += piece
        if len(body) > LARGEST:
            raise TooMuch
    return Answer(response.status, said, bytes(body))


def unzipped(raw: Iterable[bytes], named: httpx.URL) -> Iterator[bytes]:
    """Yield the contents of all members of gzip data (RFC 1952) in chunks of bounded size."""
    decoder = zlib.decompressobj(GZIP)
    try:
        for packed in raw:
            left = packed
            while left:
                if decoder.eof and not (left := left.lstrip(b"\0")):  # zeros may follow a member
                    break
                decoder = zlib.decompressobj(GZIP) if decoder.eof else decoder
                yield decoder.decompress(left, PIECE)
                left = decoder.unused_data or decoder.unconsumed_tail
        yield decoder.flush()
    except zlib.error as error:
        raise FetchFailed(f"{shown(named)}: The server's answer is not valid gzip ({error}).") from error
    if not decoder.eof:
        raise TemporaryFailure("The server's answer ended too early")


def content(answer: Answer, url: str) -> tuple[bytes | None, str]:
    """Return the content and entity tag of an answer. The content is None if it has not changed."""
    etag = answer.headers.get("etag", "")
    if answer.status == httpx.codes.NOT_MODIFIED:
        return None, etag
    if answer.status in TEMPORARY:
        after = answer.headers.get("retry-after", "")
        wait = float(after) if after.isascii() and after.isdigit() else 0.0
        raise TemporaryFailure(f"The server answered {answer.status}", min(wait, LONGEST_WAIT))
    if answer.status != httpx.codes.OK:
        raise FetchFailed(f"{shown(url)}: The server answered {answer.status}. Check the URL.")
    return answer.body, etag


def redirected(address: str, location: str) -> str:
    """Return the URL that a redirect leads to. Raises `FetchFailed` if it is not valid."""
    try:
        return urljoin(address, location)
    except ValueError as error:
        raise FetchFailed(f"{shown(address)}: It redirects to {shown(location)}, which is not a valid URL.") from error


def failure(named: httpx.URL, error: Exception, allowance: Allowance) -> Exception:
    """Translate a network error into `FetchFailed` or `TemporaryFailure`."""
    if isinstance(error.__context__, ssl.SSLCertVerificationError):
        return FetchFailed(
            f"{shown(named)}: The server's certificate is not valid ({error.__context__.verify_message})."
        )
    if allowance.end <= time.monotonic():
        return FetchFailed(f"{shown(named)}: The download took too long. Please try again later.")
    return TemporaryFailure(f"The connection to {named.netloc.decode('ascii')} failed ({reason(error)})")


def reason(error: Exception) -> str:
    """Return the message of an error, or its class name in words if it has none."""
    said = getattr(error, "strerror", None) or str(error)
    return shown(said) if said else re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(error).__name__).lower()


def shown(text: object) -> str:
    """Shorten a URL or a server's text for a message, without passwords and control characters."""
    plain = USERINFO.sub(r"\1", str(text))
    plain = plain if len(plain) <= LONGEST_SHOWN else f"{plain[:LONGEST_SHOWN]}..."
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode("ascii") for each in plain)
