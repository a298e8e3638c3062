"""The server behind `backissue serve`: granian, with workers that each open the index."""

from __future__ import annotations

import ctypes
import gc
import http.client
import multiprocessing
import os
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import click

from indexer.cli.streams import silence
from indexer.engines.origins import Where
from indexer.errors import BackissueError
from indexer.sources.archive import Archive
from webui import signals
from webui.building import make_ready
from webui.worker import following, ready, worker

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

THREADS = 4  # per worker; they share one core, so more would only use more memory
HEAD_DEADLINE = 10_000  # milliseconds for a complete request head; also the timeout of idle connections
HEAD_BYTES = 16_384  # of a request head, and of pipelined data; the longest query has 3,000
CONNECTIONS = 4_096  # per worker; further ones wait
OTHER_FILES = 256  # open files of a worker besides its connections
RESPAWN_PAUSE = 0.1  # seconds
POLL = 0.02  # seconds
FIRST_ANSWER = 10  # seconds for the response that shows that the server is ready
ARENA_MAX = -8  # the name in mallopt(3) of the number of heaps, M_ARENA_MAX in glibc's malloc.h
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "backissue: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {
        name: {"handlers": ["stderr"], "level": "WARNING", "propagate": False} for name in ("_granian", "indexer")
    },
}


class PortInUse(BackissueError):
    """The server cannot listen on a host or port."""


def serve(
    archive: Archive,
    host: str,
    port: int,
    *,
    where: Where | None = None,
    base_url: str = "",
    report_url: str = "",
    workers: int = 1,
) -> None:
    """Serve until a signal ends the server. Print the URL once the server is ready. Raises `PortInUse`."""
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    use_one_heap()
    with reserved(host, port) as holder:
        address, port = holder.getsockname()[:2]
        make_ready(archive, where)
    server = Granian(
        "webui.wsgi:app",
        address,
        port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEAD_DEADLINE, max_buffer_size=HEAD_BYTES),
        websockets=False,
        workers=workers,
        blocking_threads=THREADS,
        backpressure=connections(),
        respawn_failed_workers=True,
        respawn_interval=RESPAWN_PAUSE,
        workers_kill_timeout=None if signals.WAITS else signals.END_DEADLINE,
        log_level=LogLevels.warning,
        log_dictconfig=LOGGING,
    )
    server.on_startup(signals.block())
    load = partial(start_worker, loader(where or archive.data, base_url, report_url))
    shown = f"[{host}]" if ":" in host else host
    Thread(target=announce, args=(address, port, f"http://{shown}:{port}/"), daemon=True).start()
    server.serve(target_loader=load, wrap_loader=False)


def use_one_heap() -> None:
    """Let all threads of a process use one heap of the C library, unless MALLOC_ARENA_MAX is set.

    With a heap for each thread, memory that one frees is not used by the others. glibc only; other C libraries have
    no such setting.
    """
    if "MALLOC_ARENA_MAX" not in os.environ:
        with suppress(AttributeError, OSError, TypeError):  # another C library, or Windows
            ctypes.CDLL(None).mallopt(ARENA_MAX, 1)


def loader(where: Where, base_url: str, report_url: str) -> Callable[[], WSGIApplication]:
    """Return what makes the app of a worker.

    Over an index on disk the app is made before workers are forked, so that they share its memory. Frozen objects are
    not touched by garbage collection, which would copy their pages. Connections to a cluster cannot be shared.
    """
    if not isinstance(where, Path) or multiprocessing.get_start_method() != "fork":
        return partial(worker, where, base_url, report_url)
    app = ready(where, base_url, report_url)
    gc.collect()
    gc.freeze()
    return partial(following, app)


def start_worker(load: Callable[[], WSGIApplication]) -> WSGIApplication:
    """Return the app of a new worker process, which exits when its parent is gone."""
    signals.handle_in_worker()
    Thread(target=end_with_parent, daemon=True).start()
    return load()


def end_with_parent() -> None:
    """Exit when the parent process is gone. If it was not killed, it would have stopped this one."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


def announce(address: str, port: int, shown: str) -> None:
    """Print the URL once the server answers. If it cannot be printed, the server goes on."""
    while True:
        connection = http.client.HTTPConnection(address, port, timeout=FIRST_ANSWER)
        try:
            connection.request("GET", "/healthz")
            connection.getresponse().read()
        except OSError:
            time.sleep(POLL)
        else:
            break
        finally:
            connection.close()
    try:
        click.echo(f"backissue is at {shown} (stop it with Ctrl-C)")
    except OSError:
        silence(sys.stdout)


def connections() -> int:
    """Raise the limit on open files, and return the number of connections that a worker may have."""
    if os.name != "posix":
        return CONNECTIONS
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + OTHER_FILES
    most = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return max(1, most - OTHER_FILES)


def reserved(host: str, port: int) -> socket.socket:
    """Return a socket that reserves an address until the server listens. Raises `PortInUse`.

    Granian's workers share their port (SO_REUSEPORT), so granian would not notice another server of the same user.
    """
    try:
        family, _, _, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        holder = socket.socket(family, socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise PortInUse(f"Cannot listen on {host} ({error}). Choose another host with --host.") from error
    try:
        if os.name == "posix":  # on other systems this would let two programs share the port
            holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(where)
    except OSError as error:
        holder.close()
        raise PortInUse(
            f"Cannot listen on {host}:{port} ({error.strerror}). Choose another with --port or --host."
        ) from error
    return holder
