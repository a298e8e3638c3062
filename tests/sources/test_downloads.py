"""Downloads from malicious local servers end in time, within limits, and with a message."""

from __future__ import annotations

import gzip
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
import trustme

from indexer.errors import FetchFailed
from indexer.model import LARGEST
from indexer.sources import connecting, downloads
from indexer.sources.downloader import Downloader
from indexer.sources.public import is_public
from tests.sources.servers import accepting, tunnel

BODY = b"# An issue\n"
WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(BODY), BODY)
GZIP_NAME = b"\x1f\x8b\x08\x08\0\0\0\0\0\x03"  # the head of a gzip file, whose name follows
HASTY = Downloader(private=True, first_wait=0.01, longest=1.5)
PATIENT = Downloader(private=True, first_wait=0.01)


def answer(head: bytes, body: bytes = b"") -> bytes:
    return b"HTTP/1.1 %b\r\nContent-Length: %d\r\n\r\n%b" % (head, len(body), body)


@pytest.mark.parametrize(
    ("start", "forever"),
    [
        (b"", b""),
        (b"HTTP/1.1 200 OK\r\nX: ", b"a"),
        (b"", b"HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n"),
        (b"HTTP/1.1 200 OK\r\n\r\n", b"a"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + GZIP_NAME, b"a"),
    ],
    ids=["nothing", "header", "early hints", "body", "gzip name"],
)
def test_an_endless_response_is_given_up_at_the_deadline(start: bytes, forever: bytes) -> None:
    stop = Event()

    def trickle(connection: socket.socket, _: str) -> None:
        connection.sendall(start)
        while not stop.wait(0.1):
            connection.sendall(forever)

    with accepting(trickle) as server:
        try:
            with pytest.raises(FetchFailed, match=r"again later\.$"):
                HASTY.download(f"http://127.0.0.1:{server.port}/x")
        finally:
            stop.set()


@pytest.mark.parametrize(
    "start",
    [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + GZIP_NAME],
    ids=["body", "gzip name"],
)
def test_a_response_that_is_too_large_is_given_up_by_its_raw_bytes(start: bytes) -> None:
    def flood(connection: socket.socket, _: str) -> None:
        connection.sendall(start)
        while True:
            connection.sendall(b"a" * 65_536)

    with accepting(flood) as server, pytest.raises(FetchFailed, match=f"more than {LARGEST:,} bytes"):
        PATIENT.download(f"http://127.0.0.1:{server.port}/x")


BOMB = gzip.compress(bytes(200_000_000), mtime=0)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (answer(b"200 OK\r\nContent-Encoding: gzip", BOMB), f"more than {LARGEST:,} bytes"),
        (answer(b"200 OK\r\nContent-Encoding: gzip, gzip", gzip.compress(BOMB, mtime=0)), "only gzip"),
        (answer(b"200 OK\r\nContent-Encoding: br", b"x"), "only gzip"),
        (answer(b"200 OK\r\nContent-Encoding: gzip", b"\x1b]0;x\x07 not gzip"), "not valid gzip"),
        (answer(b"200 OK\r\nContent-Encoding: gzip", gzip.compress(BODY, mtime=0)[:-9]), "ended too early"),
        (answer(b"200 OK\r\nContent-Encoding: gzip", gzip.compress(BODY, mtime=0) + b"more text"), "not valid gzip"),
        (answer(b"200 OK\r\nContent-Encoding: gzip", (gzip.compress(BODY, mtime=0) * 2)[:-9]), "ended too early"),
        (answer(b"302 Found\r\nLocation: mailto:a@b"), "Only http and https"),
        (answer(b"302 Found\r\nLocation: http://xn--/"), ""),
        (answer(b"302 Found\r\nLocation: http://[bad/"), "not a valid URL"),
        (answer(b"302 Found\r\nLocation: http://a\x7f\x80b/"), ""),
        (answer(b"302 Found\r\nLocation: /x"), "more than 5 times"),
        (b"HTTP/1.1 999 \x1b[31mRED\r\nContent-Length: 0\r\n\r\n", ""),
        (b"HTTP/1.1 200 OK\r\nX\x1b[31m: \x1b]0;P\x07\r\n\r\n", ""),
        (b"no http at all\r\n\r\n", ""),
    ],
    ids=range(15),
)
def test_every_bad_response_gives_a_message(sent: bytes, words: str) -> None:
    with (
        accepting(lambda connection, _: connection.sendall(sent)) as server,
        pytest.raises(FetchFailed) as raised,
    ):
        PATIENT.download(f"http://127.0.0.1:{server.port}/x")
    said = str(raised.value)
    assert said.endswith(".")
    assert said.isprintable()
    assert words in said


def test_one_gzip_encoding_is_decoded() -> None:
    sent = answer(b"200 OK\r\nContent-Encoding: gzip", gzip.compress(BODY * 9_000, mtime=0))
    with accepting(lambda connection, _: connection.sendall(sent)) as server:
        assert PATIENT.download(f"http://127.0.0.1:{server.port}/x")[0] == BODY * 9_000


@pytest.mark.parametrize("between", [b"", bytes(9)], ids=["at once", "after zeros"])
def test_every_member_of_gzip_data_is_decoded(between: bytes) -> None:
    members = [gzip.compress(each, mtime=0) for each in (BODY * 9_000, b"", b"The end.\n")]
    sent = answer(b"200 OK\r\nContent-Encoding: gzip", between.join(members) + between)
    with accepting(lambda connection, _: connection.sendall(sent)) as server:
        assert PATIENT.download(f"http://127.0.0.1:{server.port}/x")[0] == BODY * 9_000 + b"The end.\n"


def test_redirects_carry_no_cookies_or_passwords() -> None:
    def redirect(connection: socket.socket, head: str) -> None:
        first = answer(b"302 Found\r\nSet-Cookie: a=secret\r\nLocation: http://localhost:%d/2" % server.port)
        connection.sendall(WHOLE if head.startswith("GET /2") else first)

    with accepting(redirect) as server:
        assert PATIENT.download(f"http://ann:pass@127.0.0.1:{server.port}/1")[0] == BODY
    assert "Authorization: Basic" in server.heads[0]
    assert not any(word in server.heads[1] for word in ("secret", "Authorization"))


@pytest.mark.parametrize("tag", ["\xe9", "a\nb", "a\0", "a" * 20_000])
def test_an_entity_tag_that_no_request_can_have_is_not_sent(tag: str) -> None:
    with accepting(lambda connection, _: connection.sendall(WHOLE)) as server:
        assert PATIENT.download(f"http://127.0.0.1:{server.port}/x", tag)[0] == BODY
    assert "If-None-Match" not in server.heads[0]


def test_a_password_is_not_printed() -> None:
    with (
        accepting(lambda connection, _: connection.sendall(answer(b"404 Not Found"))) as server,
        pytest.raises(FetchFailed) as raised,
    ):
        PATIENT.download(f"http://ann:pass@127.0.0.1:{server.port}/1")
    assert "pass" not in str(raised.value)


def test_slow_name_resolution_is_given_up_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    stop = Event()

    def slowly(*_: object, **__: object) -> None:
        stop.wait()
        raise OSError

    monkeypatch.setattr(connecting.socket, "getaddrinfo", slowly)
    try:
        with pytest.raises(FetchFailed, match="could not be found"):
            HASTY.download("http://slow.example/x")
    finally:
        stop.set()


@pytest.fixture
def issues_example(monkeypatch: pytest.MonkeyPatch) -> None:
    """Resolve issues.example to this machine, and treat this machine as public."""
    resolve = socket.getaddrinfo

    def resolved(host: str, *args: object, **kwargs: object) -> object:
        return resolve("127.0.0.1" if host == "issues.example" else host, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(connecting.socket, "getaddrinfo", resolved)
    monkeypatch.setattr(downloads, "is_public", lambda number: number == "127.0.0.1")
    for name in ("no_proxy", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[trustme.CA]:
    """Return a trusted certificate authority."""
    made = trustme.CA()
    made.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    return made


def context_for(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


@pytest.mark.usefixtures("issues_example")
@pytest.mark.parametrize("proxied", [False, True])
def test_https_verifies_the_host_name_and_connects_to_the_checked_address(
    authority: trustme.CA, monkeypatch: pytest.MonkeyPatch, proxied: bool
) -> None:
    context = context_for(authority, "issues.example")
    with (
        accepting(tunnel) as proxy,
        accepting(lambda connection, _: connection.sendall(WHOLE), context) as server,
    ):
        if proxied:
            monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{proxy.port}")
        raw, _ = Downloader().download(f"https://issues.example:{server.port}/x")
    assert raw == BODY
    assert f"Host: issues.example:{server.port}" in server.heads[0]
    assert [head.split()[:2] for head in proxy.heads] == [["CONNECT", f"127.0.0.1:{server.port}"]] * proxied


@pytest.mark.usefixtures("issues_example")
@pytest.mark.parametrize("proxied", [False, True])
def test_a_certificate_for_another_name_is_refused_at_once(
    authority: trustme.CA, monkeypatch: pytest.MonkeyPatch, proxied: bool
) -> None:
    context = context_for(authority, "another.example")
    with (
        accepting(tunnel) as proxy,
        accepting(lambda connection, _: connection.sendall(WHOLE), context) as server,
    ):
        if proxied:
            monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{proxy.port}")
        with pytest.raises(FetchFailed, match="certificate is not valid"):
            Downloader().download(f"https://issues.example:{server.port}/x")


@pytest.mark.parametrize("number", ["1.1.1.1", "8.8.8.8", "198.17.255.255", "2606:4700::1111", "2001:4860:4860::8888"])
def test_global_unicast_addresses_are_public(number: str) -> None:
    assert is_public(number)


@pytest.mark.parametrize(
    "number",
    "0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.127.255.255 127.0.0.1 127.8.8.8 169.254.169.254 172.16.0.1 172.31.9.9 "
    "192.0.0.9 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 "
    "239.255.255.250 240.0.0.1 255.255.255.255 :: ::1 ::ffff:8.8.8.8 ::8.8.8.8 64:ff9b::808:808 64:ff9b:1::1 100::1 "
    "2001::1 2001:2::1 2001:10::1 2001:20::1 2001:db8::1 2002:808:808:: 3fff::1 4000::1 5f00::1 fc00::1 fd00::1 "
    "fe80::1 fe80::1%lo fec0::1 ff02::1 2606:4700::1111%lo nonsense".split(),
)
def test_every_other_address_is_not_public(number: str) -> None:
    assert not is_public(number)
