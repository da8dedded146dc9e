"""Notifications, sounds and the title counter while away, as configured in the settings."""

import pytest
from playwright.async_api import expect

from tests.browser.test_moderation import report
from tests.browser.test_unread import wait_for_round_trip
from tests.support.people import TALL, Person
from tests.support.server import ADMIN_PASSWORD

# Records notifications and sounds. (Headless browsers always deny the permission.)
RECORD = """() => { window.notified = []; window.played = []
  window.Notification = class extends Notification {
    static permission = 'granted'
    constructor(title, options) { super(title, options)
      window.notified.push([title, options.body, options.tag])
      window.last = this }
    close() { localStorage.closed = [localStorage.closed, this.body].join(';'); super.close() }
  }
  new MutationObserver(() => { const src = document.querySelector('audio')?.getAttribute('src')
    if (src && src !== window.played.at(-1)) window.played.push(src)
  }).observe(document, {subtree: true, childList: true, attributes: true, attributeFilter: ['src']}) }"""
MENTIONED = "Bob · TCPChatNet"


async def join_with_notifications(enter, name: str) -> Person:
    """Join with a browser that allows notifications."""
    person = await enter(name)
    await person.page.evaluate(RECORD)
    return person


async def shown(person: Person) -> list[list[str]]:
    return await person.page.evaluate("window.notified")


async def expect_notifications(person: Person, *texts: str) -> None:
    """Expect exactly these notifications so far, in this order."""
    await person.page.wait_for_function("count => window.notified.length >= count", arg=len(texts))
    assert [body for _title, body, _tag in await shown(person)] == list(texts)


async def expect_sounds(person: Person, times: int) -> None:
    await person.page.wait_for_function("times => window.played.length >= times", arg=times)
    assert len(await person.page.evaluate("window.played")) == times


async def look_away(*people: Person) -> None:
    """Hide the page and wait until the server knows (it handles events in order)."""
    for person in people:
        await person.look_away()
        await wait_for_round_trip(person)


async def set_preference(person: Person, setting: str, option: str) -> None:
    await person.choose("Settings")
    await person.settings.get_by_role("combobox", name=setting, exact=True).select_option(option)
    await person.page.keyboard.press("Escape")
    await expect(person.settings).to_be_hidden()


async def test_mentions_and_replies_notify_a_hidden_page_and_a_click_focuses_it(enter, guest):
    ann, bob = await join_with_notifications(enter, "Ann"), await guest("Bob")
    await ann.say("the question")
    await look_away(ann)
    await bob.say("for nobody")
    await bob.say("@Ann hello **there**")
    await bob.reply(to="the question", text="the answer")
    await expect_notifications(ann, "@Ann hello there", "the answer")
    assert {(title, tag) for title, _body, tag in await shown(ann)} == {(MENTIONED, "lobby")}
    focused = """() => new Promise(done => { window.focus = () => done('focused')
      window.last.dispatchEvent(new Event('click')) })"""
    assert await ann.page.evaluate(focused) == "focused"


async def test_page_at_the_newest_message_gets_no_notification_and_one_that_is_scrolled_up_does(enter, guest):
    ann, bob = await join_with_notifications(enter, "Ann"), await guest("Bob")
    await bob.say("@Ann one")
    await ann.sees("@Ann one")
    for _ in range(3):
        await ann.say(TALL)
    await expect(ann.messages).to_have_count(4)
    await ann.scroll_up(1000)
    await wait_for_round_trip(ann)
    await bob.say("for nobody")
    await expect(ann.pill).to_have_text("1 new message")
    await bob.say("@Ann look")
    await expect_notifications(ann, "@Ann look")
    await expect_sounds(ann, 1)


@pytest.mark.exhaustive
async def test_no_notification_while_another_tab_shows_the_message(enter, guest):
    ann, bob = await join_with_notifications(enter, "Ann"), await guest("Bob")
    other = Person(await ann.page.context.new_page(), ann.url)
    await other.page.goto(ann.url)
    await other.is_in()
    await look_away(ann)
    await bob.say("@Ann one")
    await other.sees("@Ann one")
    await look_away(other)
    await bob.say("@Ann two")
    await ann.page.wait_for_function("window.notified.length + 1")
    await other.sees("@Ann one", "@Ann two")
    assert "@Ann one" not in [body for _title, body, _tag in await shown(ann)]


@pytest.mark.exhaustive
async def test_level_all_covers_messages_but_not_joins(enter, guest):
    ann, bob = await join_with_notifications(enter, "Ann"), await guest("Bob")
    await set_preference(ann, "Notifications", "All messages")
    await set_preference(ann, "Sound", "All messages")
    await look_away(ann)
    await guest("Cid")
    await ann.sees_people("Ann", "Bob", "Cid")
    await bob.say("for nobody")
    await expect_notifications(ann, "for nobody")
    await expect_sounds(ann, 1)


async def test_hidden_moderator_is_notified_of_a_report(enter, guest):
    olga, ann, bob = await join_with_notifications(enter, "Olga"), await enter("Ann"), await guest("Bob")
    await olga.become_admin(ADMIN_PASSWORD)
    await bob.say("buy my pills")
    await report(ann, "buy my pills", "seen by Olga")
    await expect(olga.page.locator(".spoken")).to_have_text("1 open report")
    await bob.say("more pills")
    await look_away(olga)
    await report(ann, "more pills", "advertising")
    await expect_notifications(olga, "advertising")
    await expect_sounds(olga, 1)
    assert await shown(olga) == [["Ann reported a message by Bob · TCPChatNet", "advertising", "reports"]]
    await olga.page.evaluate("window.last.dispatchEvent(new Event('click'))")
    await expect(olga.page.get_by_role("heading", name="Reports")).to_be_visible()


async def test_level_nothing_shows_no_notifications(enter, guest):
    ann, bob = await join_with_notifications(enter, "Ann"), await guest("Bob")
    cid = await join_with_notifications(enter, "Cid")
    for setting in "Notifications", "Sound", "Unread count in the tab title":
        await set_preference(ann, setting, "Nothing")
    title = await ann.page.title()
    await look_away(ann, cid)
    await bob.say("@Ann @Cid hello")
    await expect_notifications(cid, "@Ann @Cid hello")
    await ann.sees("@Ann @Cid hello")
    await ann.look_away(False)
    assert await shown(ann) == []
    assert await ann.page.evaluate("window.played") == []
    assert await ann.page.title() == title


@pytest.mark.exhaustive
async def test_muted_page_plays_no_sound(enter, guest):
    ann, bob = await join_with_notifications(enter, "Ann"), await guest("Bob")
    await ann.page.get_by_role("button", name="Mute sounds").click()
    unmute = ann.page.get_by_role("button", name="Unmute sounds")
    await expect(unmute).to_be_focused()
    await look_away(ann)
    await bob.say("@Ann one")
    await expect_notifications(ann, "@Ann one")
    await ann.look_away(False)
    await unmute.click()
    await expect(ann.page.get_by_role("button", name="Mute sounds")).to_be_visible()
    await look_away(ann)
    await bob.say("@Ann two")
    await expect_sounds(ann, 1)
    await expect_notifications(ann, "@Ann one", "@Ann two")


async def test_chosen_sound_plays_at_the_chosen_volume(enter):
    ann = await join_with_notifications(enter, "Ann")
    await ann.choose("Settings")
    await ann.settings.get_by_label("Notification sound").select_option("Bell")
    await ann.settings.get_by_label("Volume").fill("30")
    await ann.settings.get_by_role("button", name="Play sound").click()
    await expect_sounds(ann, 1)
    await ann.page.wait_for_function("document.querySelector('audio').ended")
    src, volume = await ann.page.evaluate("(e => [e.currentSrc, e.volume])(document.querySelector('audio'))")
    assert "assets/sounds/bell.wav" in src
    assert volume == pytest.approx(0.3)


async def test_permission_is_requested_only_on_click_and_its_denial_explained(enter):
    ann = await enter("Ann")
    await ann.page.evaluate("""() => { window.asked = 0
      window.Notification = class extends Notification { static permission = 'default'
        static requestPermission() { window.asked += 1; return Promise.resolve('granted') } } }""")
    await ann.choose("Settings")
    allow = ann.settings.get_by_role("button", name="Allow notifications")
    await expect(allow).to_be_visible()
    assert await ann.page.evaluate("window.asked") == 0
    await allow.click()
    await expect(allow).to_be_hidden()
    assert await ann.page.evaluate("window.asked") == 1
    await ann.keys("Escape")
    await expect(ann.settings).to_be_hidden()
    await ann.page.evaluate("() => { Object.defineProperty(Notification, 'permission', {value: 'denied'}) }")
    await ann.choose("Settings")
    await expect(ann.settings.get_by_role("status")).to_contain_text("blocks notifications from this site")
    await expect(ann.settings.get_by_role("button", name="Allow notifications")).to_be_hidden()


async def expect_closed(person: Person, *texts: str) -> None:
    """Expect that exactly these notifications have been closed so far, in any tab of the browser."""
    await person.page.wait_for_function("texts => localStorage.closed === texts", arg=";".join(["", *texts]))


async def test_notification_closes_when_its_message_is_deleted_or_read_in_another_tab(enter, guest):
    ann, bob = await join_with_notifications(enter, "Ann"), await guest("Bob")
    other = await ann.open_another_tab()
    await other.page.evaluate(RECORD)
    await look_away(ann, other)
    await bob.say("@Ann one")
    await other.sees("@Ann one")
    await bob.delete("@Ann one")
    await other.sees()
    await expect_closed(ann, "@Ann one")
    await bob.say("@Ann two")
    await other.sees("@Ann two")
    await other.look_away(False)
    await expect_closed(ann, "@Ann one", "@Ann two")


async def test_notifications_are_offered_once_after_a_missed_mention(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await ann.page.evaluate("""() => { window.asked = 0
      window.Notification = class extends Notification { static permission = 'default'
        static requestPermission() { window.asked += 1; return Promise.resolve('granted') } } }""")
    offer = ann.page.get_by_role("status").filter(has_text="Turn on notifications?")
    await look_away(ann)
    await bob.say("for nobody")
    await bob.say("@Ann one")
    await ann.look_away(False)
    await expect(offer).to_be_visible()
    await offer.get_by_role("button", name="Yes").click()
    await expect(offer).to_be_hidden()
    await expect(ann.field).to_be_focused()
    assert await ann.page.evaluate("window.asked") == 1
    await ann.reload()
    await look_away(ann)
    await bob.say("@Ann two")
    await expect(ann.page).to_have_title("(1) TCPChatNet")
    await expect(offer).to_have_count(0)
