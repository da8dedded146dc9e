"""What was refused goes when its cause does, and a field that was closed opens by itself."""

import pytest

from tests.support.scene_page import until

CAUSES = {
    "word filter": ("/filter sale*", "Big sales", "is blocked here", "/filter -sale*"),
    "slow mode": ("/slow 100", "again", "Slow mode is on. You can write again in", "/slow"),
    "missing role": ("", "/lock", "Only moderators can do that.", "/role Bob moderator"),
    "name": ("/nick Eva", "/nick Eva", "The name Eva is taken.", "/nick Olga"),
}


@pytest.fixture
async def bob(enter, olga):
    return await enter("Bob")


@pytest.mark.parametrize("steps", CAUSES.values(), ids=CAUSES)
async def test_refusal_goes_with_its_cause(olga, bob, steps):
    cause, text, reason, end = steps
    await bob.say("hello")
    await olga.shows("hello")
    if cause:
        before = olga.answer, olga.mode, olga.notices
        await olga.say(cause)
        await until(lambda: (olga.answer, olga.mode, olga.notices) != before)
    await olga.say("ready")
    await bob.shows("ready")
    await bob.say(text)
    await bob.is_refused(because=reason)
    await olga.say(end)
    await bob.is_not_refused()


@pytest.mark.settings(CHAT_MESSAGE_RATE="3 per 3 seconds")
@pytest.mark.parametrize("cause", ["too fast", "slow mode"])
async def test_time_of_a_refusal_counts_down_to_its_end(olga, bob, cause):
    if cause == "slow mode":
        await olga.say("/slow 2")
        await until(lambda: bob.mode != "")
    for _ in range(2 if cause == "slow mode" else 4):
        await bob.say("hello")
    await bob.is_refused(because="again in")
    first = bob.reason
    await until(lambda: bob.reason != first)
    await bob.is_not_refused()


async def test_refused_edit_is_explained_until_its_own_pause_ends(olga, bob):
    await bob.say("hello")
    await olga.say("/slow 100")
    await until(lambda: bob.mode != "")
    await bob.edit("hello", into="hello there")
    await olga.shows("hello there")
    await bob.edit("hello there", into="hello again")
    await bob.is_refused(because="Slow mode is on. You can write again in")
    first = bob.reason
    await until(lambda: bob.reason != first)
    assert bob.reason
    await olga.say("/slow")
    await bob.is_not_refused()


@pytest.mark.parametrize("end", ["/unmute Bob", ""], ids=["lifted", "over"])
async def test_field_is_closed_while_its_member_is_muted(olga, bob, end):
    await olga.say("/mute Bob 10m Too loud" if end else "/mute Bob 2s")
    await bob.is_refused(because="You're muted. You can write again in")
    assert bob.is_field_closed and not olga.is_field_closed
    tab = await bob.open_another_tab()
    await until(lambda: tab.is_field_closed)
    if end:
        await olga.say(end)
    for page in bob, tab:
        await page.is_not_refused()
        assert not page.is_field_closed


async def test_field_is_closed_while_the_room_is_locked(enter, olga, bob):
    await olga.say("/lock")
    await until(lambda: bob.is_field_closed)
    assert not olga.is_field_closed
    cid = await enter("Cid")
    await until(lambda: cid.is_field_closed)
    await olga.say("/role Bob moderator")
    await until(lambda: not bob.is_field_closed)
    await olga.say("/unlock")
    await until(lambda: not cid.is_field_closed)


@pytest.mark.parametrize(
    ("text", "reason", "lengths"),
    [("/dance", "Unknown command: /dance", [5, 0]), ("x" * 4002, "this one has 4,002", [4001, 4000])],
)
async def test_refusal_goes_when_its_text_is_deleted_or_short_enough(ann, text, reason, lengths):
    await ann.say(text)
    await ann.is_refused(because=reason)
    still_wrong, right = lengths
    ann.suggest(still_wrong)
    assert ann.reason
    ann.suggest(right)
    await ann.is_not_refused()


async def test_name_that_was_taken_is_free_once_its_member_left(enter, ann, bob):
    eve = await enter()
    eve.submit_card("Ann")
    await eve.is_refused(because="The name Ann is taken.")
    await bob.choose("Change name")
    bob.submit_dialog("Ann")
    await bob.is_refused(because="The name Ann is taken.")
    await ann.leave()
    for person in eve, bob:
        await person.is_not_refused()


async def test_kicked_member_sees_when_the_kick_ends(olga, bob):
    await olga.say("/kick Bob")
    await bob.is_at_the_card()
    await bob.is_refused(because="You were kicked. You can rejoin in")
    first = bob.reason
    await until(lambda: bob.reason != first)


async def test_reason_for_a_permanent_ban_stays(olga, bob, ann):
    await olga.say("/ban Bob")
    await bob.is_refused(because="You were banned from this chat.")
    await olga.say("/kick Ann")
    await ann.is_refused(because="You were kicked. You can rejoin in")
    first = ann.reason
    await until(lambda: ann.reason != first)  # a second later
    assert "You were banned from this chat." in bob.reason
