"""Which addresses the egress guard lets through."""

import pytest

from crawler.egress import EgressGuard, EgressRefused

GUARDED = """
127.0.0.1 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 0.0.0.0 100.64.0.1 224.0.0.1 240.0.0.1
255.255.255.255 192.0.2.1 198.18.0.1 ::1 :: fe80::1 fe80::1%eth0 fc00::1 ff02::1 2001:db8::1 ::ffff:127.0.0.1
::ffff:10.0.0.1 2002:7f00:1:: 64:ff9b::7f00:1 64:ff9b::a00:1 64:ff9b:1::a00:1"""


@pytest.mark.parametrize("ip", GUARDED.split())
def test_addresses_that_are_not_public_are_refused(ip: str) -> None:
    with pytest.raises(EgressRefused, match="allow_networks"):
        EgressGuard().check(ip)


@pytest.mark.parametrize("ip", ["1.1.1.1", "202.61.88.1", "2400:3200::1", "64:ff9b::101:101"])
def test_public_addresses_pass(ip: str) -> None:
    EgressGuard().check(ip)


def test_an_allowed_network_passes_in_its_mapped_spelling_too() -> None:
    guard = EgressGuard(["127.0.0.0/8", "::1/128"])
    for ip in ("127.0.0.1", "::1", "::ffff:127.0.0.1"):
        guard.check(ip)
    with pytest.raises(EgressRefused):
        guard.check("10.0.0.1")
