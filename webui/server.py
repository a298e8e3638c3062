"""The server behind `backissue serve`: the index made ready, the app on a port."""

from __future__ import annotations

import itertools
import logging
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from threading import Event, Thread
from typing import Any

import click
from flask import Flask
from waitress import wasyncore
from waitress.parser import HTTPRequestParser
from waitress.server import create_server
from waitress.task import WSGITask

from indexer.build.fingerprint import is_current
from indexer.cli.terminal import progress
from indexer.errors import BackissueError
from indexer.live import settle
from indexer.sources.archive import Archive
from indexer.storage.index import Index
from webui.app import create_app
from webui.favourites import Favourites
from webui.feeds import crawlers
from webui.processes import Among, Told, apart, in_processes

THREADS = 4
MOST_CONNECTIONS = 1_000  # held open by one process; an idle one costs a few kilobytes
LOOK_UP = 1.0  # seconds after which idle connections are looked at, though nothing came
SHORTLY = 0.02  # seconds
MOMENT = 0.001  # seconds
QUIET = 0.3  # seconds
FAVOURITES = 0.5  # seconds that what is asked for most is made in before a new index answers
MOST_WAITING = 1_024  # connections that were not yet accepted
MOST_HEADERS = 16_384  # bytes; the longest query of the page has 3,000
MOST_BODY = 1_024  # bytes; to read nothing needs one


class PortInUse(BackissueError):
    """The port is taken by another program."""


def serve(
    archive: Archive, host: str, port: int, *, base_url: str = "", report_url: str = "", processes: int = 1
) -> None:
    """Serve until interrupted; prints the address once requests are answered.

    Raises `PortInUse`, and `CannotServe` where the system cannot have several processes on one port.
    """
    app = create_app(archive.data, base_url, report_url)
    with listening(host, port) as listener:
        make_ready(archive)
        warm(app)
        told = Told()
        shown = f"[{host}]" if ":" in host else host
        click.echo(f"backissue is at http://{shown}:{listener.getsockname()[1]}/ (stop it with Ctrl-C)")
        if processes == 1:
            with followed(app):
                answer(app, listener, told, Among([0], 0))
        else:
            app.extensions["favourites"] = Favourites()
            in_processes(processes, partial(answer, app, listener, told), partial(renewed, app), told)


def warm(app: Flask) -> None:
    """Open the index and have a page of each kind made, so that the first reader need not wait for what all share."""
    client = app.test_client()
    for path in one_of_each(app.extensions["backissue"].searcher().index):
        client.get(path)
    settle()


def one_of_each(index: Index) -> Iterator[str]:
    """Yield the address of a page of each kind that is asked for often."""
    yield "/"
    for kind in (crawlers.issues, crawlers.kernels, crawlers.names, crawlers.entries):
        yield from (page.path for page in itertools.islice(kind(index), 1))
    for path in ("/", "/search.atom", "/api/v1/search", "/api/v1/suggest"):
        yield f"{path}?q=bpf"


@contextmanager
def followed(app: Flask) -> Iterator[None]:
    """Have a thread open the new generations of the index, until the block ends."""
    stopped = Event()
    Thread(target=app.extensions["backissue"].follow, args=(stopped,), daemon=True).start()
    try:
        yield
    finally:
        stopped.set()


def renewed(app: Flask) -> bool:
    """Open an index that was swapped in, and have it answer what is asked for most; return whether there was one."""
    favourites: Favourites = app.extensions["favourites"]
    favourites.hear()
    if not app.extensions["backissue"].renew():
        return False
    favourites.make(app, FAVOURITES)
    settle()
    return True


def answer(app: Flask, listener: socket.socket, told: Told, among: Among) -> None:
    """Answer the requests that come to a socket, until told to end; what has come by then is answered.

    Connections are kept, so they are divided among the processes when they are accepted. Sockets are polled, not
    selected: select ends the server at the thousandth that is open.
    """
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # that a request waits for a moment is no news
    sockets: dict[int, Any] = {}
    server: Any = create_server(  # one socket, so no MultiSocketServer
        app,
        map=sockets,
        sockets=[listener],
        threads=THREADS,
        connection_limit=MOST_CONNECTIONS,
        ident="backissue",
        clear_untrusted_proxy_headers=True,
        max_request_header_size=MOST_HEADERS,
        max_request_body_size=MOST_BODY,
    )
    turn = partial(wasyncore.loop, use_poll=True, map=sockets, count=1)
    server.handle_accept = partial(accept, server.handle_accept, among)
    told.wake = server.pull_trigger
    try:
        while not told.to_end:
            among.say(len(server.active_channels))
            turn(LOOK_UP)
            if among.abandoned:
                told.end()
        server.accepting = False
        for channel in server.active_channels.values():
            channel.task_class = LastTask
        while server.active_channels and time.monotonic() < told.until:
            before = unasked(server)
            turn(SHORTLY)  # reads what has come
            for channel in before & unasked(server):
                channel.handle_close()
    finally:
        told.wake = int  # a signal may yet come
        server.task_dispatcher.shutdown(timeout=LOOK_UP)
        server.close()


def accept(accept_one: Callable[[], None], among: Among) -> None:
    """Accept who connects, unless a process with fewer connections is quicker, for which this one waits a moment."""
    if among.has_more:
        time.sleep(MOMENT)
    accept_one()


class LastTask(WSGITask):
    """An answer that says that the connection ends with it, unless more is asked already."""

    def start(self) -> None:
        super().start()
        if len(self.channel.requests) == 1 and isinstance(self.request, HTTPRequestParser):
            self.request.headers = {**self.request.headers, "CONNECTION": "close"}


def unasked(server: Any) -> set[Any]:
    """Return the connections that wait for no answer, and have been so for a moment: who asks often asks again."""
    quiet = time.time() - QUIET
    return {each for each in server.active_channels.values() if idle(each) and each.last_activity < quiet}


def idle(channel: Any) -> bool:
    """Return whether nothing is asked on a connection, not even in part, and nothing is left to send."""
    return not channel.requests and not channel.request and not channel.total_outbufs_len


def make_ready(archive: Archive) -> None:
    """Build the index where it is missing or out of date, in a process of its own, whose memory goes with it."""
    if not is_current(archive):
        apart(partial(build_index, archive))


def build_index(archive: Archive) -> None:
    """Build the index and say so; what reads issues is loaded only here."""
    from indexer.build.builder import build
    from indexer.cli.index import say_built

    with progress("indexing") as show:
        say_built(build(archive, show))


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens; one only, so that port 0 is one port. Raises `PortInUse`."""
    try:
        family, _, _, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise PortInUse(f"{host}: this is no address to listen on ({error}); choose another with --host") from error
    try:
        if os.name == "posix":  # elsewhere two programs could share the port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(where)
        listener.listen(MOST_WAITING)
    except OSError as error:
        listener.close()
        raise PortInUse(f"{host}:{port}: {error.strerror}; choose another with --port or --host") from error
    return listener
