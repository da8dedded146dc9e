"""Keyboard and assistive technology: axe checks, accessible names and focus order."""

import pytest
from axe_playwright_python.async_playwright import Axe
from axe_playwright_python.base import AxeResults
from playwright.async_api import expect

from tests.support.hostile_pictures import drawn, encoded
from tests.support.hostile_provider import hostile_provider
from tests.support.people import TALL, Person
from tests.support.server import ADMIN_PASSWORD, Server

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
SIZES = pytest.mark.parametrize("look", [{}, PHONE], ids=["desktop", "phone"])
ARABIC_PHONE = {"color_scheme": "dark", "locale": "ar", **PHONE}
LOOKS = pytest.mark.parametrize("look", [{}, ARABIC_PHONE], ids=["desktop", "arabic phone"])
FOCUSED = """() => { const e = document.activeElement
  return e.getAttribute('aria-label') || e.labels?.[0]?.textContent || e.textContent || e.tagName }"""
SETTLED = "() => Promise.allSettled(document.getAnimations().map(animation => animation.finished))"


@pytest.fixture
def server(make_server) -> Server:
    """A chat that doesn't lose its people while axe keeps a page from answering."""
    return make_server(CHAT_GRACE="5")


async def expect_no_axe_violations(person: Person) -> None:
    """Run all axe rules; on desktop, check the contrast in dark mode too (phone cases set their own color scheme)."""
    await expect_no_axe_violations_now(person)
    if not person.touch:
        await person.page.emulate_media(color_scheme="dark")
        await expect_no_axe_violations_now(person, runOnly=["color-contrast"])
        await person.page.emulate_media(color_scheme="light")


async def expect_no_axe_violations_now(person: Person, **options: object) -> None:
    await person.page.evaluate(SETTLED)
    if not await person.page.evaluate("() => 'axe' in window"):
        await person.page.evaluate(Axe().axe_script)
    run = "options => axe.run(options)"
    results = AxeResults(await person.page.evaluate(run, {"resultTypes": ["violations"], **options}))
    assert results.violations_count == 0, results.generate_report()
    assert results.response["testEngine"]["name"] == "axe-core"


async def focused(person) -> str:
    return await person.page.evaluate(FOCUSED)


async def test_card_passes_axe(enter):
    ann = await enter()
    await expect_no_axe_violations(ann)
    await ann.card_name.fill("admin")
    await ann.card_name.press("Enter")
    await expect(ann.card_name).to_have_accessible_description("The name admin is reserved. Please choose another.")
    await expect_no_axe_violations(ann)


async def test_room_passes_axe(enter, guest):
    ann = await enter("Ann")
    await expect_no_axe_violations(ann)
    bob = await guest("Bob")
    await bob.say("Look: https://example.org/")
    await ann.say("Nice\nand tall")
    await ann.say("again")
    await ann.say("/me waves")
    await ann.say("/dance")
    await expect(ann.reason).to_contain_text("/dance")
    await bob.write("h")
    await ann.sees_typing("Bob is typing")
    await bob.sees("Look: https://example.org/", "Nice and tall", "again", "Ann waves")
    await expect_no_axe_violations(ann)


@pytest.mark.exhaustive
async def test_menu_dialogs_and_command_replies_pass_axe(enter):
    ann = await enter("Ann")
    await ann.become_admin(ADMIN_PASSWORD)
    await ann.menu_button.click()
    await expect(ann.menu).to_be_visible()
    await expect_no_axe_violations(ann)
    await ann.menu.get_by_role("button", name="Change name").click()
    await ann.rename_dialog.get_by_role("textbox").fill("all")
    await ann.rename_dialog.get_by_role("button", name="Save").click()
    await expect(ann.rename_dialog).to_contain_text("reserved")
    await expect_no_axe_violations(ann)
    await ann.page.keyboard.press("Escape")
    await ann.choose("Clear history")
    await expect(ann.clear_dialog).to_be_visible()
    await expect_no_axe_violations(ann)
    await ann.page.keyboard.press("Escape")
    await ann.say("/help")
    await expect(ann.answer).to_be_visible()
    await expect_no_axe_violations(ann)


@pytest.mark.parametrize("look", [{}, {"color_scheme": "dark", **PHONE}], ids=["desktop", "dark phone"])
async def test_files_pass_axe(enter, look):
    ann = await enter("Ann", **look)
    chooser, lines = ann.page.locator("#composer [type=file]"), ann.page.locator("#attachments > li")
    files = {
        "cup.png": encoded(drawn(900, 600), "PNG"),
        "tea.wav": b"RIFF" + bytes(4) + b"WAVEfmt " + bytes(40),
        "no.png": b"",
    }
    await chooser.set_input_files([{"name": name, "mimeType": "", "buffer": part} for name, part in files.items()])
    await expect(lines.and_(ann.page.locator("[data-state=ready]"))).to_have_count(2)
    await expect(lines.and_(ann.page.locator("[data-state=refused]"))).to_have_count(1)
    await expect_no_axe_violations(ann)
    await lines.nth(2).locator("[data-remove]").click()
    await ann.page.locator("#composer [type=submit]").click()
    picture, bubble = ann.messages.locator(".picture"), ann.messages.locator(".text")
    inner, outer = await picture.bounding_box(), await bubble.bounding_box()
    assert outer["x"] <= inner["x"] and inner["x"] + inner["width"] <= outer["x"] + outer["width"]
    await picture.click()
    await expect(ann.page.locator("#picture")).to_be_visible()
    await expect_no_axe_violations(ann)
    await ann.keys("Escape")
    await expect_no_axe_violations(ann)


@pytest.mark.exhaustive
@SIZES
async def test_dialogs_of_rooms_pass_axe(enter, look):
    ann = await enter("Ann", **look)
    await ann.become_admin(ADMIN_PASSWORD)
    await ann.say("/room create Tea")
    await expect(ann.page).to_have_title("Tea · TCPChatNet")
    await ann.say("/room archive")
    await expect(ann.page.get_by_role("button", name="Reopen room")).to_be_visible()
    await expect_no_axe_violations(ann)
    await ann.page.goto(ann.url)
    await ann.say("/room private Plans")
    await expect(ann.page).to_have_title("Plans · TCPChatNet")
    if look:
        await ann.page.get_by_role("button", name="People").tap()
    await ann.page.get_by_role("button", name="New room").click()
    dialog = ann.page.locator("#dialog")
    await dialog.get_by_text("Archived rooms").click()
    await expect(dialog.get_by_role("button", name="Reopen Tea")).to_be_visible()
    await expect_no_axe_violations(ann)
    await ann.keys("Escape")
    await ann.choose("Room settings")
    await dialog.get_by_label("Add someone").fill("Nobody")
    await ann.keys("Enter")
    await expect(dialog).to_contain_text("Couldn't find anyone")
    await dialog.get_by_role("button", name="Create link").click()
    await expect(dialog.get_by_role("textbox", name="Link")).to_be_visible()
    await expect_no_axe_violations(ann)
    await dialog.get_by_role("button", name="Leave room").click()
    await expect(ann.page.get_by_role("dialog", name="Leave Plans?")).to_be_visible()
    await expect_no_axe_violations(ann)


@pytest.mark.exhaustive
async def test_roster_drawer_on_phone_passes_axe(enter):
    ann = await enter("Ann", **PHONE)
    await ann.page.get_by_role("button", name="People").tap()
    await expect(ann.row("Ann")).to_be_visible()
    await expect_no_axe_violations(ann)


@pytest.mark.exhaustive
@SIZES
async def test_card_of_a_person_and_those_who_are_away_pass_axe(enter, guest, look):
    ann, bob = await enter("Ann", **look), await guest("Bob")
    await ann.become_admin(ADMIN_PASSWORD)
    await bob.say("Hi")
    await ann.message("Hi").locator("> bdi").click()
    await expect(ann.card).to_be_visible()
    await expect_no_axe_violations(ann)
    await ann.keys("Escape")
    await bob.leave()
    if look:
        await ann.page.get_by_role("button", name="People").tap()
    await ann.page.locator(".absent summary").click()
    await expect(ann.away).to_have_count(1)
    await expect_no_axe_violations(ann)


@pytest.mark.exhaustive
@SIZES
async def test_direct_messages_pass_axe(enter, look):
    ann, _, cem = await enter("Ann", **look), await enter("Bob"), await enter("Cem")
    await cem.say("/msg @Ann Hi")
    await cem.say("/msg @Ann @Bob Hi")
    if look:
        await ann.page.locator(".bar .icon-users").tap()
    await expect(ann.page.locator(".room-link.direct")).to_have_count(2)
    await expect_no_axe_violations(ann)
    await ann.page.locator(".room-link.direct").first.click()
    await ann.sees("Hi")
    await expect_no_axe_violations(ann)
    if look:
        await ann.page.locator(".bar .icon-users").tap()
    await ann.page.locator(".direct-rooms [command='--new-message']").click()
    await ann.page.locator("#found li").first.click()
    await expect(ann.page.locator(".chip")).to_have_count(1)
    await expect_no_axe_violations(ann)


@pytest.mark.own_server
@pytest.mark.exhaustive
async def test_reminder_of_single_sign_on_passes_axe(enter, make_server):
    async with hostile_provider() as provider:
        server = make_server(**provider.settings, CHAT_SSO_MAX_AGE="0.05")
        ann = await enter(url=f"{server.url}sso")
        for path in "", "moderation":
            await expect(ann.page.locator(".reminder")).to_be_visible()
            await expect_no_axe_violations(ann)
            if not path:
                await ann.is_in()
                await ann.say(f"/admin {ADMIN_PASSWORD}")
                await expect(ann.page.get_by_text("is now an owner")).to_be_visible()
                await ann.page.goto(f"{server.url}moderation")


@pytest.mark.exhaustive
async def test_offline_notice_and_waiting_messages_pass_axe(enter, make_proxy):
    proxy = await make_proxy()
    ann = await enter("Ann", url=proxy.url)
    await proxy.cut()
    await expect(ann.offline_notice).to_be_visible()
    await ann.send("waiting")
    await expect(ann.waiting).to_be_visible()
    await expect_no_axe_violations(ann)


@pytest.mark.own_server
@pytest.mark.exhaustive
async def test_reconnecting_member_passes_axe(enter, make_server):
    server = make_server(CHAT_GRACE="30")
    ann = await enter("Ann", url=server.url)
    bob = await enter("Bob", url=server.url)
    await bob.page.close()
    await expect(ann.row("Bob")).to_contain_text("reconnecting")
    await expect_no_axe_violations(ann)


@pytest.mark.exhaustive
@SIZES
async def test_arabic_passes_axe(enter, look):
    layla = await enter(locale="ar", **look)
    await expect(layla.page.locator("input[name=name]")).to_be_visible()
    await expect_no_axe_violations(layla)
    await layla.page.locator("input[name=name]").fill("ليلى")
    await layla.page.keyboard.press("Enter")
    await layla.page.locator("#composer textarea").fill("مرحبا بالجميع")
    await layla.page.locator("#composer [type=submit]").click()
    await expect(layla.page.locator("article .text")).to_have_text("مرحبا بالجميع")
    await expect_no_axe_violations(layla)
    await layla.page.locator(".bar .icon-menu").click()
    await expect(layla.page.locator("#menu")).to_be_visible()
    await expect_no_axe_violations(layla)


async def test_settings_pass_axe(enter):
    ann = await enter("Ann")
    await ann.choose("Settings")
    await expect(ann.settings).to_be_visible()
    await expect_no_axe_violations(ann)


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    "look", [{"contrast": "more"}, {"forced_colors": "active"}], ids=["contrast", "forced colours"]
)
async def test_high_contrast_passes_axe(enter, look, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await bob.say("@Ann [look](https://example.org) at `this` :tada:")
    await ann.sees("@Ann look at this 🎉")
    await ann.say("mine")
    await ann.sees("@Ann look at this 🎉", "mine")
    await ann.react("mine", "👍")
    for scheme in "light", "dark":
        await ann.page.emulate_media(color_scheme=scheme, **look)
        await expect_no_axe_violations_now(ann)
        await ann.menu_button.click()
        await expect_no_axe_violations_now(ann)
        await ann.page.keyboard.press("Escape")
        await ann.choose("Settings")
        await expect_no_axe_violations_now(ann)
        await ann.page.keyboard.press("Escape")


# These run in Arabic too, so they find elements by selector, not by accessible name.


async def join(enter, name: str, **look) -> Person:
    """Join without relying on the language of the page."""
    person = await enter(**look)
    await person.page.locator("input[name=name]").fill(name)
    await person.page.keyboard.press("Enter")
    await expect(person.page.locator("#composer textarea")).to_be_focused()
    await expect(person.page.locator(".notice").first).to_be_visible()
    return person


async def say(person: Person, text: str) -> None:
    await person.page.locator("#composer textarea").fill(text)
    await person.page.locator("#composer [type=submit]").click()
    await expect(person.page.locator("#composer textarea")).to_have_value("")
    await person.has_sent_all()


async def press_action(person: Person, command: str, text: str) -> None:
    """Press an action button of the last message with this text, or of its menu."""
    article = person.page.locator("article", has_text=text).last
    await (article.locator(".text").tap() if person.touch else article.locator(".text").hover())
    await expect(article.locator(".acts")).to_be_visible()
    button = article.locator(f".acts [command='--{command}']")
    if not await button.is_visible():
        more = article.locator(".acts .more")
        await (more.tap() if person.touch else more.click())
        await expect(person.page.locator("#actions")).to_be_visible()
        await expect_no_axe_violations(person)
        button = person.page.locator(f"#actions [command='--{command}']").first
    await (button.tap() if person.touch else button.click())


async def choose_in_menu(person: Person, command: str) -> None:
    await person.page.locator(".bar .icon-menu").click()
    await person.page.locator(f"#menu [command='--{command}']").click()


@pytest.mark.exhaustive
@LOOKS
async def test_messages_of_all_kinds_pass_axe(enter, look):
    ann, bob = await join(enter, "Ann", **look), await join(enter, "Bob")
    await say(ann, f"/admin {ADMIN_PASSWORD}")
    await say(ann, "/topic Plans for the summer and everything that comes after it")
    for text in (
        "**bold** _italic_ ~~gone~~ `code` https://example.org/ and a [link](https://example.org/)",
        "- one\n- two\n\n> quoted\n\n1. first\n2. second",
        "```python\nfor row in range(3):  # a comment\n    print('text', row)\n```",
        "🎉",
        "soon gone",
        "@Ann have a look, @Bob too",
    ):
        await bob.say(text)
    await expect(ann.page.locator("article")).to_have_count(6)
    await say(ann, "@all hello")
    await bob.reply("have a look", "a reply")
    await bob.edit("a reply", into="another reply")
    await bob.react("@all", "👍")
    await expect(bob.reaction("@all", "👍")).to_be_visible()
    await bob.reply("soon gone", "and one more")
    await expect(bob.message("and one more")).to_be_visible()
    await bob.message("soon gone").first.locator(".text").hover()
    await bob.message("soon gone").first.get_by_role("button", name="More actions").click()
    await bob.actions.get_by_role("button", name="Delete").click()
    await bob.delete_dialog.get_by_role("button", name="Delete").click()
    await expect(ann.page.locator("p.quote")).to_be_visible()
    await expect(ann.page.locator(".reactions button").first).to_be_visible()
    await expect_no_axe_violations(ann)
    await expect_no_axe_violations(bob)


@pytest.mark.exhaustive
@LOOKS
async def test_message_actions_pass_axe(enter, look):
    ann = await join(enter, "Ann", **look)
    await say(ann, "one")
    await say(ann, "two")
    await press_action(ann, "reply", "one")
    await expect(ann.page.locator(".about")).to_be_visible()
    await expect_no_axe_violations(ann)
    await press_action(ann, "edit", "two")
    await expect(ann.page.locator("#composer textarea")).to_have_value("two")
    await expect_no_axe_violations(ann)
    cancel = ann.page.locator(".about button")
    await (cancel.tap() if ann.touch else cancel.click())
    await expect(ann.page.locator("#composer textarea")).to_have_value("")
    await press_action(ann, "delete", "two")
    await expect(ann.page.locator("#dialog")).to_be_visible()
    await expect_no_axe_violations(ann)


@pytest.mark.exhaustive
@LOOKS
async def test_reaction_picker_passes_axe(enter, look):
    ann = await join(enter, "Ann", **look)
    await say(ann, "one")
    if ann.touch:
        await press_action(ann, "more-reactions", "one")
    else:
        await press_action(ann, "react", "one")
        await expect(ann.page.locator("#reactions .quick")).to_be_visible()
        await expect_no_axe_violations(ann)
        await ann.page.locator("#reactions .quick button").last.click()
    await expect(ann.page.locator("emoji-picker [role=menuitem]").first).to_be_visible()
    await expect_no_axe_violations(ann)
    await ann.page.keyboard.press("Escape")
    await press_action(ann, "react", "one")
    if not ann.touch:
        await ann.page.locator("#reactions .quick button").first.click()
    await expect(ann.page.locator("article [aria-pressed=true]")).to_be_visible()
    await expect_no_axe_violations(ann)


@pytest.mark.exhaustive
@LOOKS
async def test_emoji_above_the_field_and_a_closed_field_pass_axe(enter, look, guest):
    ann, bob = await join(enter, "Ann", **look), await guest("Bob")
    await ann.page.locator("#composer .icon-emoji").click()
    await expect(ann.page.locator("#emoji emoji-picker [role=menuitem]").first).to_be_visible()
    await expect_no_axe_violations(ann)
    await ann.page.keyboard.press("Escape")
    await ann.page.locator("#composer textarea").fill("half a sent")
    await expect_no_axe_violations(ann)
    await ann.page.evaluate("document.documentElement.dataset.unsaved = 'true'")
    await bob.say(f"/admin {ADMIN_PASSWORD}")
    await bob.say("/mute Ann 10m")
    await expect(ann.page.locator("#composer textarea")).to_be_disabled()
    await expect(ann.reason).to_be_visible()
    await expect_no_axe_violations(ann)


@pytest.mark.exhaustive
@LOOKS
async def test_suggestions_pass_axe(enter, look):
    ann = await join(enter, "Ann", **look)
    for beginning in "/", "@", ":smi":
        await ann.page.locator("#composer textarea").fill(beginning)
        await expect(ann.page.locator("#completion [role=option]").first).to_be_visible()
        await expect_no_axe_violations(ann)
        await ann.page.locator("#composer textarea").fill("")
        await expect(ann.page.locator("#completion")).to_be_hidden()


@pytest.mark.exhaustive
@LOOKS
async def test_search_passes_axe(enter, look):
    ann = await join(enter, "Ann", **look)
    for text in "The tea is ready", "tea and <b>more</b> tea":
        await say(ann, text)
    await ann.page.locator(".find").click()
    await expect(ann.page.locator("input.searchbox")).to_be_focused()
    await expect_no_axe_violations(ann)
    await ann.page.locator("input.searchbox").fill("tea")
    await expect(ann.page.locator(".results mark")).to_have_count(3)
    await expect_no_axe_violations(ann)
    await ann.page.locator(".results [role=option]").last.hover()
    await expect_no_axe_violations(ann)


@pytest.mark.exhaustive
async def test_keyboard_shortcuts_pass_axe(enter):
    ann = await join(enter, "Ann")
    await choose_in_menu(ann, "keys")
    await expect(ann.page.locator("#dialog kbd").first).to_be_visible()
    await expect_no_axe_violations(ann)


@pytest.mark.exhaustive
@LOOKS
async def test_unread_line_pill_dates_and_offer_pass_axe(enter, look):
    ann, bob = await join(enter, "Ann", **look), await join(enter, "Bob")
    await bob.say("old")
    await expect(ann.page.locator("article")).to_have_count(1)
    await ann.page.goto("about:blank")
    await bob.sees_line("Ann left")
    for number in range(1, 4):
        await bob.say(f"@Ann, page {number}\n{TALL}")
    await expect(bob.messages).to_have_count(4)
    await ann.page.add_init_script("Object.defineProperty(Notification, 'permission', {value: 'default'})")
    await ann.page.goto(ann.url)
    for surface in ".pill", ".offer", "#day":
        await expect(ann.page.locator(surface)).to_be_visible()
    await ann.page.locator(".presence summary").evaluate("e => e.click()")
    await expect_no_axe_violations(ann)


async def test_controls_have_accessible_names(enter):
    ann = await enter()
    await expect(ann.page.get_by_role("textbox", name="Name", exact=True)).to_be_visible()
    await expect(ann.page.get_by_role("button", name="Join", exact=True)).to_be_visible()
    await ann.join("Ann")
    await ann.say("hello")
    page = ann.page
    await ann.react("hello", "👍")
    await expect(ann.reaction("hello", "👍")).to_be_visible()
    await ann.message("hello").locator(".text").hover()
    article = ann.message("hello")
    for locator in (
        article.get_by_role("button", name="React", exact=True),
        article.get_by_role("button", name="Reply", exact=True),
        article.get_by_role("button", name="Edit", exact=True),
        article.get_by_role("button", name="More actions", exact=True),
        article.locator("[aria-pressed=true]:visible"),
        page.get_by_role("textbox", name="Message", exact=True),
        page.get_by_role("button", name="Emoji", exact=True),
        page.get_by_role("button", name="Send", exact=True),
        page.get_by_role("log", name="Messages", exact=True).get_by_role("article", name="Ann", exact=True),
        page.get_by_role("list", name="People", exact=True).get_by_role("listitem"),
        page.get_by_role("status", name="Online", exact=True),
        page.get_by_role("status", name="Typing", exact=True),
        page.get_by_role("button", name="Menu", exact=True),
    ):
        await expect(locator).to_have_count(1)
    await ann.field.fill("/")
    await expect(page.get_by_role("listbox")).to_have_count(1)


async def test_tab_reaches_everything(enter):
    ann = await enter("Ann", **PHONE)
    await expect(ann.field).to_be_focused()
    await ann.write("h")
    reached = []
    for _ in range(10):
        await ann.page.keyboard.press("Tab")
        reached.append(await focused(ann))
    named = [name for name in reached if name in {"People", "Menu", "Messages", "Message", "Attach", "Emoji", "Send"}]
    assert named[:7] == ["Attach", "Emoji", "Send", "People", "Menu", "Messages", "Message"]


async def test_menu_works_by_keyboard(enter):
    ann = await enter("Ann")
    await ann.menu_button.focus()
    await ann.page.keyboard.press("Enter")
    await expect(ann.menu).to_be_visible()
    reached = []
    for _ in range(17):
        await ann.page.keyboard.press("Tab")
        reached.append(await focused(ann))
    assert reached == [
        "Change name…", "New message…", "Mentions", "Mark all as read", "System", "Language", "Download as Text",
        "Download as Markdown", "Download as JSON", "Download as CSV", "Download with all files (ZIP)", "Settings…",
        "Commands", "Keyboard shortcuts", "Sign up", "Sign in", "Leave",
    ]  # fmt: skip
    await ann.page.keyboard.press("Escape")
    await expect(ann.menu).to_be_hidden()
    await expect(ann.menu_button).to_be_focused()
    by_arrows = []
    for key in ["ArrowDown"] * 17 + ["ArrowDown", "ArrowUp", "Home"]:
        await ann.page.keyboard.press(key)
        by_arrows.append(await focused(ann))
    assert by_arrows == [*reached, reached[0], reached[-1], reached[0]]
    await ann.page.keyboard.press("Escape")
    await ann.page.keyboard.press("ArrowUp")
    assert await focused(ann) == "Leave"
    await ann.page.keyboard.press("Enter")
    await expect(ann.leave_dialog).to_be_visible()


async def test_menu_dialog_works_by_keyboard(enter):
    ann = await enter("Ann")
    await ann.menu_button.focus()
    await ann.page.keyboard.press("Enter")
    await ann.page.keyboard.press("Tab")
    await ann.page.keyboard.press("Enter")
    await expect(ann.rename_dialog.get_by_role("textbox", name="Name")).to_be_focused()
    await ann.page.keyboard.press("Escape")
    await expect(ann.rename_dialog).to_be_hidden()
    await expect(ann.menu_button).to_be_focused()


async def test_escape_closes_the_drawer_and_refocuses_its_button(enter):
    ann = await enter("Ann", **PHONE)
    button = ann.page.get_by_role("button", name="People")
    await button.focus()
    await ann.page.keyboard.press("Enter")
    await expect(ann.row("Ann")).to_be_visible()
    await ann.page.keyboard.press("Escape")
    await expect(ann.row("Ann")).to_be_hidden()
    await expect(button).to_be_focused()


async def test_focus_is_visible(enter):
    ann = await enter("Ann")
    await ann.menu_button.focus()
    await ann.page.keyboard.press("Shift+Tab")
    await ann.page.keyboard.press("Tab")
    await expect(ann.menu_button).to_be_focused()
    await expect(ann.menu_button).to_have_css("outline-style", "solid")
    await expect(ann.menu_button).to_have_css("outline-width", "2px")
    await ann.page.emulate_media(forced_colors="active")
    await expect(ann.menu_button).to_have_css("outline-width", "3px")
    await ann.field.focus()
    await expect(ann.page.locator("#composer")).to_have_css("outline-style", "solid")
    await ann.choose("Settings")
    await expect(ann.settings.get_by_role("button", name="Close")).to_be_focused()
    await ann.page.keyboard.press("Tab")
    picture = ann.settings.get_by_role("button", name="Change picture")
    await expect(picture).to_be_focused()
    await expect(picture).to_have_css("outline-width", "3px")


# Announcements.


async def test_only_new_messages_are_announced(enter):
    ann = await enter("Ann")
    await ann.say("from before")
    await ann.sees("from before")
    await ann.page.evaluate("sessionStorage.clear()")
    at_first = """() => { const log = document.querySelector('[role=log]')
      return log?.querySelector('article') && log.ariaLive }"""
    await ann.page.goto(ann.url)
    found = await ann.page.wait_for_function(at_first, polling=10)  # a moment later it is another
    assert await found.json_value() == "off"
    await expect(ann.log).to_have_attribute("aria-live", "polite")
    await expect(ann.typing).to_have_attribute("aria-live", "off")
    await expect(ann.online).to_have_attribute("aria-live", "off")


async def test_room_matches_its_aria_snapshot(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await bob.say("Hello **there**")
    await ann.sees("Hello there")
    await expect(ann.page.locator("body")).to_match_aria_snapshot("""
      - main:
        - heading "TCPChatNet" [level=1]
        - status "Online": 2 online
        - button "Search"
        - button "Mute sounds"
        - button "Menu"
        - log "Messages":
          - group: Ann and Bob joined
          - article "Bob":
            - text: /.+ Bob Hello/
            - strong: there
            - text: /\\d+:\\d+/
        - textbox "Message"
        - button "Emoji"
        - button "Send" [disabled]
        - status "Typing"
        - complementary "People":
          - heading "People" [level=2]
          - list "People":
            - listitem:
              - button "Ann you"
            - listitem:
              - button "Bob"
    """)
