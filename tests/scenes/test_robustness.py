"""Malformed events from pages are ignored and break nothing."""

import pytest


@pytest.mark.parametrize(
    "arguments",
    [
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
    ],
)
async def test_malformed_submission_posts_nothing(ann, bob, arguments):
    ann.submit(arguments)
    await ann.say("Sorry")
    await bob.sees("Sorry")


BUTTONS = [
    *("--reply", "--edit", "--delete", "--react", "--more-reactions", "--more", "--report"),
    *("--jump", "--load", "--found", "--nothing"),
]
MALFORMED = [["", "unknown0id"], ["🎉", "unknown0id"], [None, None], [1, {}], [], ["99999999999999", ""], ["-1", "x"]]


@pytest.mark.parametrize("command", BUTTONS)
async def test_malformed_button_event_does_nothing(ann, bob, command):
    for arguments in MALFORMED:
        ann.invoke([command, *arguments])
    await ann.say("Still fine")
    await bob.sees("Still fine")


async def test_malformed_completion_request_is_ignored(ann, bob):
    for typed in None, 1, [], {}, ["@b"], ["@b", "0"], [None, 0], "@b":
        ann.suggest(typed)
    await ann.say("Still fine")
    await bob.sees("Still fine")
