"""Which addresses are on the public web, and what becomes of names that lead elsewhere."""

import socket

import pytest

from chat.previews.addresses import PublicResolver, is_public

PUBLIC = ["93.184.215.14", "1.1.1.1", "2606:4700:4700::1111", "2a00:1450:4001:82a::200e"]
INWARD = [
    *("127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "0.0.0.0", "0.1.2.3"),
    *("169.254.169.254", "100.64.0.1", "100.127.255.255", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1"),
    *("203.0.113.1", "192.88.99.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "::7f00:1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:1.1.1.1", "::ffff:0:7f00:1"),
    *("64:ff9b::7f00:1", "64:ff9b::1.1.1.1", "64:ff9b:1::a00:1", "fec0::1", "feff::1", "fe80::1", "fe80::1%eth0"),
    *("fc00::1", "fd12:3456::1", "ff02::1", "ff0e::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "3fff::1"),
    *("", "localhost", "1", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "１２７.0.0.1", "[::1]"),
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_reached(address: str):
    assert is_public(address)


@pytest.mark.parametrize("address", INWARD)
def test_others_are_not(address: str):
    assert not is_public(address)


def resolver(*addresses: str) -> PublicResolver:
    infos = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses]
    return PublicResolver(lambda host, port, **options: infos, is_public)


async def test_name_leads_to_its_addresses():
    found = await resolver("1.1.1.1", "93.184.215.14").resolve("site.example", 443)
    assert [(entry["hostname"], entry["host"], entry["port"]) for entry in found] == [
        ("site.example", "1.1.1.1", 443),
        ("site.example", "93.184.215.14", 443),
    ]


@pytest.mark.parametrize("addresses", [("1.1.1.1", "10.0.0.1"), ("::1",), ("1.1.1.1", "::ffff:a00:1")])
async def test_name_with_any_address_elsewhere_is_refused(addresses: tuple[str, ...]):
    with pytest.raises(OSError, match=r"site\.example is not on the public web"):
        await resolver(*addresses).resolve("site.example", 443)
