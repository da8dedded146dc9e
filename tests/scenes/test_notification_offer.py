"""Notifications are offered once, after the first mention missed."""

from tests.support.scene_page import until


async def test_answer_ends_the_offer_in_all_tabs_and_for_good(ann, bob):
    tab = await ann.open_another_tab()
    for page in ann, tab:
        await page.look_away()
    await bob.say("@Ann one")
    for page in ann, tab:
        await until(lambda page=page: page.has_offer)
        page.report_permission("default")
        await until(lambda page=page: page.offers_notifications)
    ann.click("No")
    for page in ann, tab:
        await until(lambda page=page: not page.offers_notifications)
    await ann.reload()
    await ann.look_away()
    await bob.say("@Ann two")
    await until(lambda: ann.title.startswith("(2)"))
    assert not ann.has_offer


async def test_nothing_is_offered_unless_the_browser_can_still_be_asked(ann, bob):
    await ann.look_away()
    await bob.say("@Ann one")
    await until(lambda: ann.has_offer)
    await ann.shows("one")
    for permission in "granted", "denied", "", None, ["default"]:
        ann.report_permission(permission)
        assert not ann.offers_notifications, permission
    ann.report_permission("default")
    assert ann.offers_notifications


async def test_reply_offers_too_but_other_messages_and_seen_mentions_do_not(ann, bob):
    await ann.say("a question")
    await bob.say("@Ann in sight")
    await ann.shows("in sight")
    await ann.look_away()
    await bob.say("for nobody")
    await until(lambda: ann.title.startswith("(1)"))
    assert not ann.has_offer
    await bob.reply(to="a question", text="an answer")
    await until(lambda: ann.has_offer)


async def test_member_who_wants_no_notifications_gets_no_offer(ann, bob):
    await ann.set_preference("desktop", "nothing")
    await ann.look_away()
    await bob.say("@Ann one")
    await until(lambda: ann.title.startswith("(1)"))
    assert not ann.has_offer


async def test_mention_missed_while_the_page_was_closed_offers(ann, bob):
    await ann.look_away()
    await bob.say("@Ann one")
    await until(lambda: ann.title.startswith("(1)"))
    ann.report_permission("granted")
    tab = await ann.open_another_tab()
    await until(lambda: tab.has_offer)
