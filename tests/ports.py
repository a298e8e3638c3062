"""Free ports for servers that have to be told theirs before they start, and the sockets that listen on a port."""

from __future__ import annotations

import random
import socket
from pathlib import Path

RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")
TCP = Path("/proc/net/tcp")
LISTENS = "0A"  # a state there
LOWEST = 10_000
LOWEST_CHOSEN = 32_768  # by Linux and others, for sockets that ask for any port
TRIES = 100


def free_port() -> int:
    """Return a port on which nothing listens, and which the system gives to no socket that asks for any port.

    Otherwise another process may get it until the server starts.
    """
    for port in random.sample(range(LOWEST, lowest_chosen()), TRIES):
        with socket.socket() as made:
            try:
                made.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError("No port is free.")


def lowest_chosen() -> int:
    """Return the first port that the system chooses itself, or the usual one if it may choose almost all."""
    try:
        lowest = int(RANGE.read_text(encoding="ascii").split()[0])
    except (OSError, ValueError, IndexError):
        return LOWEST_CHOSEN
    return lowest if lowest >= LOWEST + TRIES else LOWEST_CHOSEN


def listening(port: int) -> int:
    """Return how many sockets of this machine listen on a port, with IPv4."""
    rows = (line.split() for line in TCP.read_text(encoding="ascii").splitlines()[1:])
    return sum(row[1].endswith(f":{port:04X}") and row[3] == LISTENS for row in rows)
