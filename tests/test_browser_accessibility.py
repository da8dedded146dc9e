"""The page by keyboard and for assistive technology: what axe finds, the names, and where the focus goes."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from tests.server import ADMIN_PASSWORD

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
LOOKS = pytest.mark.parametrize(
    "look",
    [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"color_scheme": "light", **PHONE}],
    ids=["light", "dark", "phone"],
)
FOCUSED = """() => { const e = document.activeElement
  return e.getAttribute('aria-label') || e.labels?.[0]?.textContent || e.textContent || e.tagName }"""
SETTLED = "() => Promise.allSettled(document.getAnimations().map(animation => animation.finished))"


async def axe_finds_nothing(person) -> None:
    await person.page.evaluate(SETTLED)
    results = await Axe().run(person.page)
    assert results.violations_count == 0, results.generate_report()
    assert results.response["testEngine"]["name"] == "axe-core"


async def focused(person) -> str:
    return await person.page.evaluate(FOCUSED)


@LOOKS
async def test_the_card(enter, look):
    ann = await enter(**look)
    await axe_finds_nothing(ann)
    await ann.card_name.fill("admin")
    await ann.card_name.press("Enter")
    await expect(ann.card_name).to_have_accessible_description("The name admin is reserved. Please choose another.")
    await axe_finds_nothing(ann)


@LOOKS
async def test_the_room(enter, look):
    ann = await enter("Ann", **look)
    await axe_finds_nothing(ann)
    bob = await enter("Bob", **look)
    await bob.say("Look: https://example.org/")
    await ann.say("Nice\nand tall")
    await ann.say("again")
    await ann.say("/me waves")
    await ann.say("/dance")
    await expect(ann.reason).to_contain_text("/dance")
    await bob.write("h")
    await ann.sees_typing("Bob is typing")
    await bob.sees("Look: https://example.org/", "Nice and tall", "again", "Ann waves")
    await axe_finds_nothing(ann)
    await axe_finds_nothing(bob)


@LOOKS
async def test_menu_dialogs_and_panels(enter, look):
    ann = await enter("Ann", **look)
    await ann.become_admin(ADMIN_PASSWORD)
    await ann.menu_button.click()
    await expect(ann.menu).to_be_visible()
    await axe_finds_nothing(ann)
    await ann.menu.get_by_role("button", name="Change name").click()
    await ann.rename_dialog.get_by_role("textbox").fill("all")
    await ann.rename_dialog.get_by_role("button", name="Save").click()
    await expect(ann.rename_dialog).to_contain_text("reserved")
    await axe_finds_nothing(ann)
    await ann.page.keyboard.press("Escape")
    await ann.choose("Clear history")
    await expect(ann.clear_dialog).to_be_visible()
    await axe_finds_nothing(ann)
    await ann.page.keyboard.press("Escape")
    await ann.say("/help")
    await expect(ann.answer).to_be_visible()
    await axe_finds_nothing(ann)


async def test_the_drawer_on_the_phone(enter):
    ann = await enter("Ann", **PHONE)
    await ann.page.get_by_role("button", name="People").tap()
    await expect(ann.row("Ann")).to_be_visible()
    await axe_finds_nothing(ann)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_offline_reconnecting_and_waiting(enter, make_proxy, scheme):
    proxy = await make_proxy()
    ann = await enter("Ann", url=proxy.url, color_scheme=scheme)
    await proxy.cut()
    await expect(ann.offline_notice).to_be_visible()
    await ann.say("waiting")
    await expect(ann.waiting).to_be_visible()
    await axe_finds_nothing(ann)


async def test_who_is_reconnecting(enter, make_server):
    server = make_server(CHAT_GRACE="30")
    ann = await enter("Ann", url=server.url)
    bob = await enter("Bob", url=server.url)
    await bob.page.close()
    await expect(ann.row("Bob")).to_contain_text("reconnecting")
    await axe_finds_nothing(ann)


@LOOKS
async def test_in_arabic(enter, look):
    layla = await enter(locale="ar", **look)
    await expect(layla.page.locator("input[name=name]")).to_be_visible()
    await axe_finds_nothing(layla)
    await layla.page.locator("input[name=name]").fill("ليلى")
    await layla.page.keyboard.press("Enter")
    await layla.page.locator("#composer textarea").fill("مرحبا بالجميع")
    await layla.page.locator("#composer button").click()
    await expect(layla.page.locator("article p")).to_have_text("مرحبا بالجميع")
    await axe_finds_nothing(layla)
    await layla.page.locator(".bar .icon-menu").click()
    await expect(layla.page.locator("#menu")).to_be_visible()
    await axe_finds_nothing(layla)


async def test_the_names_are_a_contract(enter):
    ann = await enter()
    await expect(ann.page.get_by_role("textbox", name="Name", exact=True)).to_be_visible()
    await expect(ann.page.get_by_role("button", name="Join", exact=True)).to_be_visible()
    await ann.join("Ann")
    await ann.say("hello")
    page = ann.page
    for locator in (
        page.get_by_role("textbox", name="Message", exact=True),
        page.get_by_role("button", name="Send", exact=True),
        page.get_by_role("log", name="Messages", exact=True).get_by_role("article", name="Ann", exact=True),
        page.get_by_role("list", name="People", exact=True).get_by_role("listitem"),
        page.get_by_role("status", name="Online", exact=True),
        page.get_by_role("status", name="Typing", exact=True),
        page.get_by_role("button", name="Menu", exact=True),
    ):
        await expect(locator).to_have_count(1)


async def test_tab_reaches_everything(enter):
    ann = await enter("Ann", **PHONE)
    await expect(ann.field).to_be_focused()
    reached = []
    for _ in range(8):
        await ann.page.keyboard.press("Tab")
        reached.append(await focused(ann))
    named = [name for name in reached if name in {"People", "Menu", "Messages", "Message", "Send"}]
    assert named[:5] == ["Send", "People", "Menu", "Messages", "Message"]


async def test_the_menu_by_keyboard(enter):
    ann = await enter("Ann")
    await ann.menu_button.focus()
    await ann.page.keyboard.press("Enter")
    await expect(ann.menu).to_be_visible()
    reached = []
    for _ in range(8):
        await ann.page.keyboard.press("Tab")
        reached.append(await focused(ann))
    assert reached == [
        "Change name…", "System", "Download as Text", "Download as Markdown", "Download as JSON",
        "Download as CSV", "Commands", "Leave",
    ]  # fmt: skip
    await ann.page.keyboard.press("Escape")
    await expect(ann.menu).to_be_hidden()
    await expect(ann.menu_button).to_be_focused()


async def test_a_dialog_from_the_menu_by_keyboard(enter):
    ann = await enter("Ann")
    await ann.menu_button.focus()
    await ann.page.keyboard.press("Enter")
    await ann.page.keyboard.press("Tab")
    await ann.page.keyboard.press("Enter")
    await expect(ann.rename_dialog.get_by_role("textbox", name="Name")).to_be_focused()
    await ann.page.keyboard.press("Escape")
    await expect(ann.rename_dialog).to_be_hidden()
    await expect(ann.menu_button).to_be_focused()


async def test_a_dialog_from_the_field_by_keyboard(enter):
    ann = await enter("Ann")
    await ann.become_admin(ADMIN_PASSWORD)
    await ann.say("/clear")
    await expect(ann.clear_dialog).to_be_visible()
    await ann.page.keyboard.press("Escape")
    await expect(ann.clear_dialog).to_be_hidden()
    await expect(ann.field).to_be_focused()


async def test_escape_closes_the_drawer_and_returns_to_its_button(enter):
    ann = await enter("Ann", **PHONE)
    button = ann.page.get_by_role("button", name="People")
    await button.focus()
    await ann.page.keyboard.press("Enter")
    await expect(ann.row("Ann")).to_be_visible()
    await ann.page.keyboard.press("Escape")
    await expect(ann.row("Ann")).to_be_hidden()
    await expect(button).to_be_focused()


async def test_focus_can_be_seen(enter):
    ann = await enter("Ann")
    await ann.menu_button.focus()
    await ann.page.keyboard.press("Shift+Tab")
    await ann.page.keyboard.press("Tab")
    await expect(ann.menu_button).to_be_focused()
    await expect(ann.menu_button).to_have_css("outline-style", "solid")
    await expect(ann.menu_button).to_have_css("outline-width", "2px")
