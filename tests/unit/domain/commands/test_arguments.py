"""Arguments of commands: durations and numbers. Names are tested with the commands for moderators."""

from datetime import timedelta

import pytest

from chat.domain.commands.arguments import parse_duration, parse_number, parse_whole_duration
from tests.unit.domain.rooms.scenes import refusal


@pytest.mark.parametrize(
    ("text", "unit", "duration", "rest"),
    [
        ("10m spam", "", timedelta(minutes=10), "spam"),
        ("2H", "", timedelta(hours=2), ""),
        ("1w  a b", "", timedelta(weeks=1), "a b"),
        ("5 spam", "m", timedelta(minutes=5), "spam"),
        ("5 spam", "", None, "5 spam"),
        ("90s", "m", timedelta(seconds=90), ""),
        ("spam 5m", "m", None, "spam 5m"),
        ("1000000m", "m", None, "1000000m"),
        ("", "m", None, ""),
    ],
)
def test_duration_begins_the_text(text: str, unit: str, duration: timedelta | None, rest: str):
    assert parse_duration(text, unit) == (duration, rest)


def test_whole_text_can_be_a_duration():
    assert parse_whole_duration("7d") == timedelta(days=7)


@pytest.mark.parametrize("text", ["", "7", "7d spam", "soon", None, 7, {}, ["7d"]], ids=repr)
def test_other_text_is_no_duration(text: object):
    assert refusal(lambda: parse_whole_duration(text)).key == "duration-range"


@pytest.mark.parametrize(("text", "number"), [("", 3), (" ", 3), ("5", 5), (" 17 ", 17)])
def test_number_has_a_default(text: str, number: int):
    assert parse_number(text, 3) == number


@pytest.mark.parametrize("text", ["five", "-1", "1.5", "5 6", "1234567"])
def test_other_text_is_no_number(text: str):
    assert refusal(lambda: parse_number(text, 3)).key == "number-wanted"
