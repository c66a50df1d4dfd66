"""What the desk calls outside: nothing inside, whatever a name or a redirect says, and never for long."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.platform.outbound import Outbound, Wanted, is_public
from tests.support.receiver import a_receiver

INSIDE = (
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",  # where a machine in a cloud asks for its credentials
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1%eth0",
    "fc00::1",
    "fec0::1",
    "fd00:ec2::254",
    "ff02::1",
    "::ffff:169.254.169.254",
    "2002:a9fe:a9fe::1",
    "64:ff9b::a9fe:a9fe",
    "no address",
)


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_inside_are_not_public(address: str) -> None:
    assert not is_public(address)


@given(st.ip_addresses(v=4, network="169.254.0.0/16") | st.ip_addresses(v=4, network="10.0.0.0/8"))
def test_no_dress_makes_an_inner_address_public(address: object) -> None:
    assert not is_public(str(address))
    assert not is_public(f"::ffff:{address}")


def test_a_public_address_is_public() -> None:
    assert is_public("93.184.215.14")
    assert is_public("2606:2800:21f:cb07:6820:80da:af6b:8b2c")


@pytest.mark.parametrize("found", [["127.0.0.1"], ["93.184.215.14", "169.254.169.254"], []])
def test_a_name_that_leads_inside_even_beside_elsewhere_is_not_called(found: list[str]) -> None:
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        del port
        asked.append(host)
        return found

    answered = Outbound(resolve=resolve)("https://hooks.example.com/in", {}, Wanted("POST", b"{}"))
    assert (answered.status, answered.problem, asked) == (None, "address", ["hooks.example.com"])


def test_nothing_is_sent_unencrypted_and_numbers_in_disguise_lead_nowhere() -> None:
    outbound = Outbound()
    assert outbound("http://93.184.215.14/", {}, Wanted()).problem == "scheme"
    for disguise in ("127.1", "2130706433", "0x7f000001", "017700000001", "[::1]", "localhost"):
        assert outbound(f"https://{disguise}/", {}, Wanted()).problem == "address"
    assert outbound("https://[::/", {}, Wanted()).problem == "connection"


def test_each_redirect_is_looked_at_like_the_first_address() -> None:
    with a_receiver() as receiver:
        names = {"feed.example.com": ["127.0.0.1"], "inside.example.com": []}
        outbound = Outbound(local=True, resolve=lambda host, port: names.get(host, []))
        port = receiver.url.rpartition(":")[2]
        receiver.statuses, receiver.headers = [302], {"location": "http://inside.example.com/secret"}
        url = f"http://feed.example.com:{port}/"
        assert outbound(url, {}, Wanted(redirects=True)).problem == "address"
        assert outbound(url, {}, Wanted()).problem == "redirect"
        receiver.headers = {"location": "/round"}
        assert outbound(url, {}, Wanted(redirects=True)).problem == "redirect"
        assert len(receiver.calls) == 6
        assert {one.headers["host"] for one in receiver.calls} == {f"feed.example.com:{port}"}


def test_answers_are_cut_or_refused_when_they_are_long_and_left_when_they_are_slow() -> None:
    with a_receiver() as receiver:
        receiver.body = b"x" * 5000
        receiver.headers = {"ETag": '"7"', "X-Other": "not told"}
        outbound = Outbound(local=True)
        assert outbound(receiver.url, {}, Wanted(most_bytes=100)).body == b"x" * 100
        assert outbound(receiver.url, {}, Wanted(most_bytes=100, whole=True)).problem == "too_large"
        whole = outbound(receiver.url, {}, Wanted(most_bytes=5000, whole=True))
        assert (whole.body, whole.headers) == (receiver.body, {"etag": '"7"'})
        ticks = itertools.count(0, 20.0)  # each look at the watch is twenty seconds after the one before
        slow = Outbound(local=True, monotonic=lambda: next(ticks))
        assert slow(receiver.url, {}, Wanted(whole=True, most_bytes=9000)).problem == "timeout"


def test_nobody_there_is_no_crash() -> None:
    answered = Outbound(local=True)("http://127.0.0.1:9/", {}, Wanted("POST", b"{}"))
    assert (answered.status, answered.problem) == (None, "connection")
