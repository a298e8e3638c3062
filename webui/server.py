"""The server behind `backissue serve`: the index made ready, the app on a port."""

from __future__ import annotations

import logging
import os
import socket
from contextlib import suppress
from functools import partial
from threading import Event, Thread

import click
from flask import Flask
from waitress.server import create_server

from indexer.archive.store import Archive
from indexer.command.terminal import progress
from indexer.errors import BackissueError
from indexer.index.freshness import is_current
from webui.app import create_app
from webui.processes import ended_by_signal, in_processes

THREADS = 4
MOST_CONNECTIONS = 1_000  # held open by one process; an idle one costs a few kilobytes
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
        shown = f"[{host}]" if ":" in host else host
        click.echo(f"backissue is at http://{shown}:{listener.getsockname()[1]}/ (stop it with Ctrl-C)")
        with suppress(KeyboardInterrupt):
            if processes == 1:
                answer(app, listener)
            else:
                in_processes(processes, partial(answer, app, listener))


def answer(app: Flask, listener: socket.socket) -> None:
    """Answer the requests that come to a socket, until interrupted or told to end; one that is begun is answered."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # that a request waits for a moment is no news
    stopped = Event()
    Thread(target=app.extensions["backissue"].follow, args=(stopped,), daemon=True).start()
    server = create_server(
        app,
        sockets=[listener],
        threads=THREADS,
        connection_limit=MOST_CONNECTIONS,
        ident="backissue",
        clear_untrusted_proxy_headers=True,
        max_request_header_size=MOST_HEADERS,
        max_request_body_size=MOST_BODY,
    )
    try:
        with ended_by_signal(), suppress(KeyboardInterrupt):
            server.run()
    finally:
        stopped.set()
        server.close()


def make_ready(archive: Archive) -> None:
    """Build the index where it is missing or out of date.

    What reads issues is loaded only then, since a server that finds its index current needs none.
    """
    if is_current(archive):
        return
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
