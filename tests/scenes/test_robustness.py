"""Malformed events from pages are ignored and break nothing."""

from itertools import product

import pytest

from tests.support.scene_page import until
from tests.support.server import ADMIN_PASSWORD


async def test_malformed_submission_posts_nothing(ann, bob):
    for arguments in (
        None,
        {},
        [],
        ["message01"],
        [1, "Hello", ""],
        ["not an id!", "Hello", ""],
        ["message01", ["Hello"], ""],
        "Hello",
        ["message01", "Hello"],
        ["message01", "Hello", None],
        ["message01", "Hello", {}],
    ):
        ann.submit(arguments)
    await ann.say("Sorry")
    await bob.sees("Sorry")


BUTTONS = [
    *("--reply", "--edit", "--delete", "--react", "--more-reactions", "--more", "--report"),
    *("--jump", "--load", "--nothing"),
]
MALFORMED = [["", "unknown0id"], ["🎉", "unknown0id"], [None, None], [1, {}], [], ["99999999999999", ""], ["-1", "x"]]


async def test_malformed_button_event_does_nothing(ann, bob):
    for command, arguments in product(BUTTONS, MALFORMED):
        ann.invoke([command, *arguments])
    await ann.say("Still fine", knowing=True)
    await bob.sees("Still fine")


async def test_malformed_completion_request_is_ignored(ann, bob):
    for typed in None, 1, [], {}, ["@b"], ["@b", "0"], [None, 0], "@b":
        ann.suggest(typed)
    await ann.say("Still fine")
    await bob.sees("Still fine")


@pytest.mark.parametrize(
    "open_form",
    [
        lambda page: page.choose("Sign up"),
        lambda page: page.choose("Sign in"),
        lambda page: open_step(page, "Mute"),
        lambda page: open_step(page, "Ban"),
    ],
    ids=["sign up", "sign in", "mute", "ban"],
)
async def test_form_with_missing_or_strange_values_breaks_nothing(ann, bob, open_form, caplog):
    await ann.become_admin(ADMIN_PASSWORD)
    await open_form(ann)
    await until(lambda: ann.is_dialog_open)
    for values in [], None, {}, [1, 2], [None, None], [["one"], {}], 7, ["one", "two", "three", "four"], ["one"]:
        ann.submit_dialog(values)
    assert ann.is_dialog_open
    for text in "Still", "fine":  # handlers that wait have ended by the second
        await ann.say(text)
        await ann.shows(text)
    await ann.sees_people("Ann", "Bob")
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []


async def test_card_with_missing_or_strange_values_lets_nobody_in(enter, ann, caplog):
    eve = await enter()
    for switch_to in None, "Sign up", "Sign in":
        if switch_to:
            eve.click(switch_to)
        for values in [[], None, {}, [1], ["one", "two", "three"], [None, None], [["one"], {}], 7, [""]]:
            eve.submit_card(values)
    await ann.say("Still fine")
    await ann.sees("Still fine")
    await ann.sees_people("Ann")
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []


async def open_step(page, action):
    page.open_moderation("Bob")
    await until(lambda: any(label.startswith(action) for label in page.shown_buttons))
    page.click(next(label for label in page.shown_buttons if label.startswith(action)))
    await until(lambda: action in page.shown_buttons)
