"""Which network addresses may be spoken to: public ones, and those of the intranet that the operator has listed.

An address is judged by where it leads: what is written as IPv6 and means an IPv4 address is that address.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network
_NAT64 = ip_network("64:ff9b::/96")
_NAT64_LOCAL = ip_network("64:ff9b:1::/48")


def networks_of(texts: Iterable[str]) -> tuple[Network, ...]:
    """Networks as `10.1.0.0/16`. Raises ValueError for anything else."""
    return tuple(ip_network(text) for text in texts)


def is_listed(address: str, allowed: Iterable[Network]) -> bool:
    found = _meant(address)
    return any(found in network for network in allowed)


def is_public(address: str) -> bool:
    """Whether it lies outside every private, local or special network."""
    found = _meant(address)
    special = found.is_multicast or found.is_reserved or found.is_unspecified or found.is_loopback
    return found.is_global and not special and found not in _NAT64_LOCAL


def _meant(address: str) -> IPv4Address | IPv6Address:
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv4Address):
        return found
    inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
    if inner is None and found in _NAT64:
        inner = IPv4Address(int(found) & 0xFFFF_FFFF)
    return inner or found
