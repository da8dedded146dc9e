"""Pages that send nonsense: nothing happens, and nothing breaks."""

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
async def test_nonsense_in_the_composer_says_nothing(ann, bob, arguments):
    ann.submit(arguments)
    await ann.say("Sorry")
    await bob.sees("Sorry")


BUTTONS = ["--reply", "--edit", "--delete", "--react", "--jump", "--load", "--found", "--nothing"]
NONSENSE = [["", "unknown0id"], ["🎉", "unknown0id"], [None, None], [1, {}], [], ["99999999999999", ""], ["-1", "x"]]


@pytest.mark.parametrize("command", BUTTONS)
async def test_nonsense_from_a_button_does_nothing(ann, bob, command):
    for arguments in NONSENSE:
        ann.invoke([command, *arguments])
    await ann.say("Still fine")
    await bob.sees("Still fine")


async def test_nonsense_typed_suggests_nothing(ann, bob):
    for typed in None, 1, [], {}, ["@b"], ["@b", "0"], [None, 0], "@b":
        ann.suggest(typed)
    await ann.say("Still fine")
    await bob.sees("Still fine")
