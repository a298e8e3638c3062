"""The server behind `backissue serve`: the index made ready, the app on a port."""

from __future__ import annotations

import gc
import logging
import os
import socket
import time
from contextlib import suppress
from functools import partial
from threading import Event, Thread
from typing import Any

import click
from flask import Flask
from waitress import wasyncore
from waitress.server import create_server

from indexer.archive.store import Archive
from indexer.command.terminal import progress
from indexer.errors import BackissueError
from indexer.index.freshness import is_current
from webui.app import create_app
from webui.processes import apart, in_processes, told_to_end

THREADS = 4
MOST_CONNECTIONS = 1_000  # held open by one process; an idle one costs a few kilobytes
LOOK_UP = 1.0  # seconds after which idle connections are looked at, though nothing came
SHORTLY = 0.02  # seconds
LAST_ANSWERS = 5.0  # seconds; what was begun when the server was told to end has so long
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
        app.test_client().get("/")  # opens the index and reads the templates, so that the first reader need not wait
        keep_for_good()
        shown = f"[{host}]" if ":" in host else host
        click.echo(f"backissue is at http://{shown}:{listener.getsockname()[1]}/ (stop it with Ctrl-C)")
        with suppress(KeyboardInterrupt):
            if processes == 1:
                answer(app, listener)
            else:
                in_processes(processes, partial(answer, app, listener))


def keep_for_good() -> None:
    """Leave what there is now out of the garbage collector's walks.

    It stays as long as the server does; to walk it would stop the requests for a while each time, and have processes
    that share it copy it.
    """
    gc.collect()
    gc.freeze()


def answer(app: Flask, listener: socket.socket) -> None:
    """Answer the requests that come to a socket, until interrupted or told to end; what has come by then is answered.

    Sockets are polled, not selected: select ends the server at the thousandth that is open.
    """
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # that a request waits for a moment is no news
    stopped = Event()
    Thread(target=app.extensions["backissue"].follow, args=(stopped,), daemon=True).start()
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
    try:
        told = told_to_end(server.pull_trigger)
        while not told.is_set():
            turn(LOOK_UP)
        server.accepting = False
        end = time.monotonic() + LAST_ANSWERS
        while server.active_channels and time.monotonic() < end:
            idle = unasked(server)
            turn(SHORTLY)  # reads what has come
            for channel in idle & unasked(server):
                channel.handle_close()
    finally:
        stopped.set()
        server.task_dispatcher.shutdown(timeout=LOOK_UP)
        server.close()


def unasked(server: Any) -> set[Any]:
    """Return the connections that wait for no answer."""
    return {each for each in server.active_channels.values() if not each.requests and not each.total_outbufs_len}


def make_ready(archive: Archive) -> None:
    """Build the index where it is missing or out of date, in a process of its own, whose memory goes with it."""
    if not is_current(archive):
        apart(partial(build_index, archive))


def build_index(archive: Archive) -> None:
    """Build the index and say so; what reads issues is loaded only here."""
    from indexer.command.indexing import say_built
    from indexer.index.building import build

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
