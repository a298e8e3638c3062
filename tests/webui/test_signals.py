"""Signals that end a server: none is missed, and a worker that does not finish is ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence

import pytest

from indexer.sources.archive import Archive
from tests.conftest import ROOT
from tests.webui.serving import PATIENCE, WORKERS, address, children, eventually, serving
from webui import signals

pytestmark = pytest.mark.skipif(not signals.WAITS, reason="the system cannot wait for signals")

# The main thread never notices a blocked signal, as if each came just before it starts to wait.
SERVER = """
import signal
from threading import Event
from webui import signals

signals.block()
ended = Event()
signal.signal(signal.SIGTERM, lambda number, frame: ended.set())
signals.handle()
print("ready", flush=True)
ended.wait()
"""

WORKER = """
import signal, sys, time
from webui import signals

signals.END_DEADLINE = 1
signals.block()
signals.handle_in_worker()
if sys.argv[1:]:
    signal.signal(signal.SIGTERM, lambda number, frame: None)
print("ready", flush=True)
time.sleep(60)
"""


def ended_by(number: int, code: str, *arguments: str) -> int:
    """Return the exit status of a program that receives a signal once it is ready."""
    command: Sequence[str] = [sys.executable, "-c", code, *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        process.send_signal(number)
        try:
            return process.wait(PATIENCE / 2)
        finally:
            process.kill()


def test_a_signal_that_the_main_thread_does_not_notice_is_handled() -> None:
    assert ended_by(signal.SIGTERM, SERVER) == 0


def test_a_worker_that_does_not_serve_yet_ends_at_once() -> None:
    assert ended_by(signal.SIGTERM, WORKER) == 0


def test_a_worker_that_does_not_finish_its_responses_is_ended_at_the_deadline() -> None:
    assert ended_by(signal.SIGTERM, WORKER, "serving") == -signal.SIGALRM


@pytest.mark.parametrize("number", signals.ENDING)
def test_a_signal_to_the_server_and_its_workers_ends_all_quietly(archive: Archive, number: int) -> None:
    """Ctrl-C and systemd send such signals."""
    with serving(archive, "--workers", str(WORKERS), start_new_session=True) as server:
        address(server)
        assert eventually(lambda: len(children(server.pid)) == WORKERS)
        os.killpg(server.pid, number)
        _, said = server.communicate(timeout=PATIENCE)
    assert (server.returncode, said) == (0, "")


def test_a_worker_that_someone_else_ends_is_replaced(archive: Archive) -> None:
    with serving(archive, "--workers", str(WORKERS)) as server:
        address(server)
        assert eventually(lambda: len(children(server.pid)) == WORKERS)
        first = min(children(server.pid))
        os.kill(first, signal.SIGTERM)
        assert eventually(lambda: len(children(server.pid) - {first}) == WORKERS)
