"""Reports reach the moderators at once."""

import pytest

from tests.support.scene_page import until


@pytest.fixture
async def bob(enter, olga):
    """Join, and write what gets reported."""
    bob = await enter("Bob")
    for text in "pills", "spam":
        await bob.say(text)
        await olga.shows(text)
    return bob


async def test_moderators_see_the_number_of_open_reports(enter, olga, bob, ann):
    assert olga.open_reports == ""
    await ann.report("spam", "advertising")
    await until(lambda: olga.open_reports == "1")
    await olga.reads("1 open report")
    await ann.report("spam", "again")
    await ann.is_refused(because="You've already reported that message.")
    ann.invoke(["--report", "", ann.message_id("pills")])
    ann.submit_dialog("")
    await until(lambda: olga.open_reports == "2")
    tab = await olga.open_another_tab()
    assert tab.open_reports == "2"
    await olga.delete("spam")
    await until(lambda: olga.open_reports == "1" == tab.open_reports)
    for person in ann, bob:
        assert person.open_reports == ""
        assert "open report" not in "".join(person.html()) + person.style


async def test_number_of_reports_comes_and_goes_with_the_role(olga, bob, ann):
    await ann.report("spam", "advertising")
    await until(lambda: olga.open_reports == "1")
    assert bob.open_reports == ""
    await olga.moderate("Bob", "Change role", "moderator")
    await until(lambda: bob.open_reports == "1")
    await olga.moderate("Bob", "Change role", "guest")
    await until(lambda: bob.open_reports == "")


async def test_several_reporters_of_a_message_are_one_report(enter, olga, bob, ann):
    cem = await enter("Cem")
    await cem.shows("spam")
    for person, reason in (ann, "advertising"), (cem, "rude"):
        await person.report("spam", reason)
    await until(lambda: olga.open_reports == "1")
    await olga.open("/moderation")
    for text in "reported by Ann and Cem", "advertising", "rude":
        await olga.reads(text)
