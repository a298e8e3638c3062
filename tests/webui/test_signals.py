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
import signal, sys
from threading import Event
from webui import signals

signal.signal(signal.SIGHUP, signal.SIG_IGN if sys.argv[1:] else signal.SIG_DFL)
handle = signals.block()
ended = Event()
signal.signal(signal.SIGTERM, lambda number, frame: ended.set())
signal.signal(signal.SIGHUP, lambda number, frame: print("new workers"))
handle()
print("ready", flush=True)
ended.wait()
"""

WORKER = """
import signal, sys
from threading import Event
from webui import signals

signals.END_DEADLINE = 1 if sys.argv[1:] == ["slow"] else 600
signals.block()
signals.handle_in_worker()
calls, ended = [], Event()
if sys.argv[1:] == ["slow"]:
    signal.signal(signal.SIGTERM, lambda number, frame: None)
if sys.argv[1:] == ["misses"]:
    signal.signal(signal.SIGTERM, lambda number, frame: ended.set() if calls else calls.append(number))
print("ready", flush=True)
ended.wait(600)
"""

# A worker that hangs as soon as it is forked. It inherits the blocked signals.
HANGING = """
import multiprocessing, signal, sys, time
from webui import signals

signals.END_DEADLINE = 0.2
signal.signal(signal.SIGHUP, signal.SIG_IGN if sys.argv[1:] else signal.SIG_DFL)
handle = signals.block()
worker = multiprocessing.get_context("fork").Process(target=time.sleep, args=(600,))
worker.start()
signal.signal(signal.SIGTERM, lambda number, frame: worker.terminate())
handle()
print("ready", flush=True)
worker.join()
raise SystemExit(worker.exitcode)
"""


def ended_by(number: int, code: str, *arguments: str) -> int:
    """Return the exit status of a program that receives a signal once it is ready."""
    command: Sequence[str] = [sys.executable, "-c", code, *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        process.send_signal(number)
        try:
            return process.wait(PATIENCE)
        finally:
            process.kill()


def test_a_signal_that_the_main_thread_does_not_notice_is_handled() -> None:
    assert ended_by(signal.SIGTERM, SERVER) == 0


def test_a_worker_that_does_not_serve_yet_ends_at_once() -> None:
    assert ended_by(signal.SIGTERM, WORKER) == 0


def test_a_worker_that_does_not_finish_its_responses_is_ended_at_the_deadline() -> None:
    assert ended_by(signal.SIGTERM, WORKER, "slow") == -signal.SIGALRM


def test_a_worker_that_misses_the_first_call_of_its_handler_ends_at_the_next() -> None:
    assert ended_by(signal.SIGTERM, WORKER, "misses") == 0


def test_a_worker_that_hangs_before_it_handles_signals_is_ended_by_the_server() -> None:
    assert ended_by(signal.SIGTERM, HANGING) == 256 - signal.SIGKILL


def test_the_end_of_a_terminal_ends_the_server() -> None:
    assert ended_by(signal.SIGHUP, SERVER) == 0


@pytest.mark.parametrize(("code", "status"), [(SERVER, 0), (HANGING, 256 - signal.SIGKILL)])
def test_a_server_started_with_nohup_stays_with_its_workers_when_its_terminal_is_closed(code: str, status: int) -> None:
    with subprocess.Popen([sys.executable, "-c", code, "nohup"], cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            assert server.stdout.readline() == "ready\n"
            server.send_signal(signal.SIGHUP)
            with pytest.raises(subprocess.TimeoutExpired):
                server.wait(1)
            server.send_signal(signal.SIGTERM)
            assert server.communicate(timeout=PATIENCE) == ("", None)
        finally:
            server.kill()
    assert server.returncode == status


@pytest.mark.parametrize("number", signals.ENDING)
def test_a_signal_to_the_server_and_its_workers_ends_all_quietly(archive: Archive, number: int) -> None:
    """Ctrl-C, systemd and a closed terminal send such signals."""
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
