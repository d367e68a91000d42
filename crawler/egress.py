"""Says which addresses may be connected to: public ones, and the networks the settings allow."""

import ipaddress
from collections.abc import Iterable

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_CARRIER_NAT = ipaddress.ip_network("100.64.0.0/10")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_NAT64_LOCAL = ipaddress.ip_network("64:ff9b:1::/48")


class EgressRefused(Exception):
    """A connection to a guarded address was refused; the message is for the user."""


class EgressGuard:
    """Judges the addresses that are really connected to, whatever name or spelling led there."""

    def __init__(self, allow_networks: Iterable[str] = ()) -> None:
        self._allowed = tuple(ipaddress.ip_network(network, strict=False) for network in allow_networks)

    def check(self, ip: str) -> None:
        """Raise `EgressRefused` where `ip` (a literal, with or without a scope) may not be connected to."""
        address = ipaddress.ip_address(ip.partition("%")[0])
        faces = _faces(address)
        if any(face in network for face in faces for network in self._allowed):
            return
        if any(_is_guarded(face) for face in faces):
            raise EgressRefused(
                f"{ip} is not a public address; if this is intended, add it to allow_networks under [crawl]"
            )


def _is_guarded(address: Address) -> bool:
    if address in _CARRIER_NAT or address in _NAT64_LOCAL:
        return True
    return not address.is_global or address.is_multicast or address.is_reserved


def _faces(address: Address) -> tuple[Address, ...]:
    """Return every address that connecting to this one may reach: mapped, NAT64, 6to4 and Teredo are seen through."""
    if isinstance(address, ipaddress.IPv4Address):
        return (address,)
    if address.ipv4_mapped is not None:
        return (address.ipv4_mapped,)
    if address in _NAT64:
        return (ipaddress.IPv4Address(int(address) & 0xFFFFFFFF),)
    tunnels = (address.sixtofour, *(address.teredo or ()))
    return (address, *(one for one in tunnels if one is not None))
