"""Reactions: the quick row, the picker, and their place."""

import pytest

from tests.engines.conftest import ENGINES

IS_BESIDE = """(...css) => {
  const [row, button] = css.map((each) => document.querySelector(each).getBoundingClientRect())
  const gap = Math.max(button.top - row.bottom, row.top - button.bottom)
  return row.left <= button.right && button.left <= row.right && -12 <= gap && gap <= 12 }"""


async def test_reaction_is_added_and_taken_back(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await bob.say("Cake?")
    await ann.react("Cake?", "👍")
    await ann.sees_reactions("Cake?", "👍 1")
    await ann.react("Cake?", "👍")
    await ann.sees_reactions("Cake?")


async def test_picker_finds_an_emoji(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await bob.say("Ready?")
    await ann.pick("Ready?", "rocket")
    await ann.sees_reactions("Ready?", "🚀 1")


@pytest.mark.parametrize("enter", [*ENGINES, "webkit_without_anchors"], indirect=True)
async def test_quick_row_opens_beside_its_message(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    for number in range(4):
        await bob.say(f"line {number}")
    await ann.press("React", "line 2")
    await ann.sees_quick_row()
    await ann.eventually(True, IS_BESIDE, "#reactions", "article > .acts [command='--react']")
