"""Preferences apply to all tabs of a person and to no one else."""

import pytest

from tests.support.scene_page import until
from tests.support.server import ADMIN_PASSWORD


async def test_preference_applies_to_all_tabs_and_survives_a_reload(ann, bob):
    tab = await ann.open_another_tab()
    for name, value in ("density", "compact"), ("size", "115"), ("accent", "teal"), ("contrast", True):
        await ann.set_preference(name, value)
    await ann.open("/")
    await ann.is_in()
    for page in ann, tab:
        for rule in "--roomy:0", "font-size:115%", "--brand:", "--more:1":
            await until(lambda page=page, rule=rule: rule in page.style, lambda page=page: page.style[:300])
    assert "--roomy:0" not in bob.style


async def test_preference_set_at_the_card_is_kept(ann):
    await ann.set_preference("contrast", True)
    await until(lambda: "--more:1" in ann.style)
    await ann.leave()
    await ann.is_at_the_card()
    assert "--more:1" in ann.style


async def test_unknown_preference_changes_nothing(ann):
    before = ann.style
    for name, value in ("density", "loose"), ("language", "xx"), ("name", "Eve"), ("volume", "loud"):
        await ann.set_preference(name, value)
    assert ann.style == before
    await ann.say("Still fine")
    await ann.sees("Still fine")


@pytest.mark.settings(CHAT_UPLOADS="off")
async def test_admin_learns_how_to_allow_files(ann):
    """The picture of oneself says it, and the form when a file is pasted or dropped."""
    why, how = "Files can't be sent here.", "To allow files, change the setting CHAT_UPLOADS."

    def said_by_form() -> str:
        return next(tag.props["data-off"] for tag in ann._tags() if "data-off" in tag.props)

    assert said_by_form() == why
    await ann.choose("Settings")
    await ann.reads(why)
    await ann.reads_no(how)
    await ann.become_admin(ADMIN_PASSWORD)
    await until(lambda: said_by_form() == f"{why} {how}")
    await ann.choose("Settings")
    await ann.reads(f"{why} {how}")
