"""Client address and scheme behind trusted proxies."""

from typing import Any

import pytest

from chat.web.security.client_address import network, remove_proxy_headers, resolve_client_address


def scope(peer: str = "10.0.0.1", **headers: str) -> dict[str, Any]:
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http", "scheme": "http", "client": (peer, 5000), "headers": pairs}


def resolved(request: dict[str, Any], hops: int) -> tuple[str, str]:
    resolve_client_address(request, hops)
    return request["client"][0], request["scheme"]


def test_forwarded_headers_are_ignored_without_proxies():
    assert resolved(scope(x_forwarded_for="1.1.1.1", x_forwarded_proto="https"), 0) == ("10.0.0.1", "http")


def test_address_is_the_entry_added_by_the_trusted_proxy():
    assert resolved(scope(x_forwarded_for="6.6.6.6, 1.1.1.1", x_forwarded_proto="https"), 1) == ("1.1.1.1", "https")


def test_address_is_the_entry_of_the_outer_proxy_of_two():
    request = scope(x_forwarded_for="6.6.6.6, 1.1.1.1, 10.0.0.2", x_forwarded_proto="http, https, http")
    assert resolved(request, 2) == ("1.1.1.1", "https")


def test_single_scheme_behind_two_proxies_is_the_outer_ones():
    request = scope(x_forwarded_for="1.1.1.1, 10.0.0.2", x_forwarded_proto="https")
    assert resolved(request, 2) == ("1.1.1.1", "https")


def test_address_is_ignored_with_fewer_entries_than_proxies():
    assert resolved(scope(x_forwarded_for="1.1.1.1"), 2)[0] == "10.0.0.1"


@pytest.mark.parametrize("forwarded", ["", "nonsense", "1.1.1.1, <script>", ",", "x" * 5000])
def test_invalid_address_is_ignored(forwarded: str):
    assert resolved(scope(x_forwarded_for=forwarded), 1) == ("10.0.0.1", "http")


@pytest.mark.parametrize(
    ("entry", "address"),
    [("1.1.1.1:80", "1.1.1.1"), ("[2001:db8::1]:80", "2001:db8::1"), ("::ffff:1.1.1.1", "1.1.1.1")],
)
def test_address_is_parsed_in_all_notations(entry: str, address: str):
    assert resolved(scope(x_forwarded_for=entry), 1)[0] == address


@pytest.mark.parametrize(
    ("peer", "address"),
    [("::ffff:192.0.2.1", "192.0.2.1"), ("192.0.2.1", "192.0.2.1"), ("2001:db8::1", "2001:db8::1"), ("unix", "unix")],
)
def test_peer_of_a_socket_for_both_families_is_itself(peer: str, address: str):
    assert resolved(scope(peer), 0)[0] == address


def test_ipv6_network_counts_as_one_address():
    assert network("2001:db8::1") == network("2001:db8::2") != network("2001:db8:0:1::1")


def test_proxy_headers_are_removed():
    request = scope(x_forwarded_prefix="/x", x_forwarded_for="1.1.1.1", accept="*/*")
    remove_proxy_headers(request)
    assert request["headers"] == [(b"accept", b"*/*")]
