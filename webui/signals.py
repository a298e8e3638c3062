"""Signals that end the server and its workers, handled in a thread.

Python runs signal handlers in its main thread, and a signal that arrives just before that thread starts to wait is not
noticed until something else wakes it. A thread that waits for signals misses none.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Sequence
from functools import partial
from threading import Thread
from types import FrameType

HANGUP = getattr(signal, "SIGHUP", None)  # the terminal was closed; not on Windows
ENDING = (signal.SIGINT, signal.SIGTERM, *((HANGUP,) if HANGUP else ()))
WAITS = hasattr(signal, "sigwaitinfo")  # not on macOS and Windows, where Python handles signals as usual
END_DEADLINE = 10  # seconds that a worker has to finish its responses
GROUP_DELAY = 1  # second that a worker waits for the server after another process signalled it
AGAIN = 0.5  # seconds until a worker calls its handler again


def block() -> Callable[[], None]:
    """Keep ending signals pending for this thread, and for the threads and processes that it starts.

    Return the function that handles them, for the time when granian has set its handlers.
    """
    stays = HANGUP is not None and signal.getsignal(HANGUP) is signal.SIG_IGN  # started with nohup
    if WAITS:
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    return partial(handle, stays=stays)


def handle(*, stays: bool) -> None:
    """Start a thread that calls the handlers of blocked signals.

    The server ends with its terminal unless it `stays`. Granian's handler would only replace the workers.
    """
    if HANGUP:
        signal.signal(HANGUP, signal.SIG_IGN if stays else signal.getsignal(signal.SIGTERM))
    if WAITS:
        ending = [each for each in ENDING if signal.getsignal(each) is not signal.SIG_IGN]
        Thread(target=wait, args=(ending,), daemon=True).start()


def handle_in_worker() -> None:
    """Start a thread that calls the handler of SIGTERM. Until granian sets one, SIGTERM ends the process at once."""
    if WAITS:
        signal.signal(signal.SIGTERM, exit_at_once)
        Thread(target=wait_in_worker, daemon=True).start()


def wait(ending: Sequence[int]) -> None:
    """Call the handler of each of some signals. The first one also sets the deadline of the workers."""
    call_handler(signal.sigwaitinfo(ending).si_signo)
    Thread(target=end_workers, daemon=True).start()
    while True:
        call_handler(signal.sigwaitinfo(ending).si_signo)


def end_workers() -> None:
    """Kill the workers that have not ended at twice the deadline.

    A worker keeps to the deadline by itself once it has called `handle_in_worker`. Before, it may hang, because it was
    forked from a process with threads.
    """
    time.sleep(2 * END_DEADLINE)
    for process in multiprocessing.active_children():
        process.kill()


def wait_in_worker() -> None:
    """Call the handler of SIGTERM, and end the process at a deadline.

    Systemd and others signal all processes of a group, and a worker that ended before the server told it to would count
    as failed. The server's own signal is waited for, but not for ever, since pending signals of one number become one.
    The handler is called again and again, because granian misses a call before it has registered what to do then.
    """
    if signal.sigwaitinfo([signal.SIGTERM]).si_pid != os.getppid():
        signal.sigtimedwait([signal.SIGTERM], GROUP_DELAY)
    signal.alarm(END_DEADLINE)
    while True:
        call_handler(signal.SIGTERM)
        time.sleep(AGAIN)


def call_handler(number: int) -> None:
    """Call the current handler of a signal, if there is one."""
    handler = signal.getsignal(number)
    if callable(handler):
        handler(number, None)


def exit_at_once(_number: int, _frame: FrameType | None) -> None:
    """Exit without cleaning up."""
    os._exit(0)
