"""Decide which IP addresses are public, so that a stranger's link cannot reach a private network."""

from __future__ import annotations

import ipaddress

GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")  # the only assigned unicast range of IPv6, RFC 4291
# The special-purpose blocks, from the registries of IANA:
# https://www.iana.org/assignments/iana-ipv4-special-registry and .../iana-ipv6-special-registry.
# Python's `is_global` differs between releases and accepts some of them.
SPECIAL = tuple(
    map(
        ipaddress.ip_network,
        (
            "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 "
            "192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 "
            "198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 "
            "2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20"
        ).split(),
    )
)


def is_public(number: str) -> bool:
    """Return whether an IP address is public: global unicast, and in no special-purpose block.

    IPv6 addresses that stand for an IPv4 address (mapped, translated, 6to4, Teredo) are not public.
    """
    try:
        address = ipaddress.ip_address(number)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and (address.scope_id or address not in GLOBAL_UNICAST):
        return False
    return not any(address in block for block in SPECIAL)
