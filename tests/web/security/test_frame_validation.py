"""Which frames of a page are valid."""

import json

import orjson
import pytest

from chat.web.security.connections.frame_validation import FrameValidator, ProtocolViolation
from tests.web.security.sockets import QUERY


def event(**changes: object) -> str:
    values = {"id": 1, "client_id": "me", "listener_id": "x", "args": [json.dumps("hello")]} | changes
    return "42" + orjson.dumps(["event", values]).decode()


def connected() -> FrameValidator:
    validator = FrameValidator(QUERY)
    assert validator.accepts("40")
    return validator


@pytest.mark.parametrize(
    "frame",
    [
        event(),
        event(args=[]),
        event(args=[None, "1", "[]", '"[[[[[[[[[[[[[[[[[[[[[[["']),
        '42["ack",{"client_id":"me","next_message_id":3}]',
        '427["javascript_response",{"client_id":"me","request_id":"r","result":null}]',
        "3",
        "41",
    ],
)
def test_frames_of_a_page_are_accepted(frame: str):
    assert connected().accepts(frame)


@pytest.mark.parametrize(
    "frame",
    [
        None,
        b"4",
        "",
        "2",
        "2probe",
        "5",
        "9",
        "4",
        "42",
        "42{}",
        "42[]",
        "42[1]",
        '42["event"]',
        '42["event",[]]',
        '42["event",{}]',
        "42/admin,[]",
        "40",
        "40/admin,",
        '43["event",{}]',
        '451-["event",{"_placeholder":true,"num":0}]',
        '42["unknown",{"client_id":"me"}]',
        '42["ack",{"client_id":"me","next_message_id":"3"}]',
        '42["javascript_response",{"client_id":"me","request_id":[]}]',
        '42["handshake",{"client_id":"me"}]',
        event(client_id="other"),
        event(client_id=["me"]),
        event(id="1"),
        event(id=None),
        event(listener_id={}),
        event(args="x"),
        event(args=[1]),
        event(args=["not json"]),
        event(args=['"\\ud800"']),
        event(args=["[" * 1000 + "]" * 1000]),
        event(args=["[" * 100 + "]" * 100]),
        event(args=['{"a":' * 100 + "1" + "}" * 100]),
        "42" + "[" * 1000,
        event(args=["x" * 400_000]),
    ],
)
def test_other_frames_violate_the_protocol(frame: object):
    with pytest.raises(ProtocolViolation):
        connected().accepts(frame)


def test_events_before_connecting_violate_the_protocol():
    with pytest.raises(ProtocolViolation):
        FrameValidator(QUERY).accepts(event())


def test_browser_console_messages_are_dropped():
    assert not connected().accepts('42["log",{"client_id":"me","level":"error","message":"forged"}]')


@pytest.mark.parametrize(
    "query",
    [
        b"",
        QUERY.replace(b"tab_id=tab", b""),
        QUERY.replace(b"client_id=me", b"client_id=" + b"x" * 65),
        QUERY.replace(b"websocket", b"polling"),
        QUERY.replace(b"EIO=4", b"EIO=3"),
        QUERY.replace(b"next_message_id=0", b"next_message_id=many"),
        QUERY.replace(b"old_tab_id=null", b"old_tab_id=%00"),
        QUERY + b"&page=" + b"x" * 2000,
        QUERY + b"&sid=%0Atimestamp=2026%1b[2J",
        QUERY + b"&sid=",
        QUERY + b"&sid",
        QUERY + b"&%73id=x",
        QUERY + b"&j=1",
        QUERY + b"&EIO=3",
        QUERY + b"&client_id=me",
        QUERY + b"&%0A=x",
        QUERY + b"&t=" + b"&t=" * 100,
        b"\xff",
    ],
)
def test_other_queries_violate_the_protocol(query: bytes):
    with pytest.raises(ProtocolViolation):
        FrameValidator(query)


def test_queries_of_other_programs_may_have_a_timestamp():
    assert FrameValidator(QUERY + b"&implicit_handshake=true&t=1764367000.123").client_id == "me"
