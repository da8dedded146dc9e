"""The card of a person, opened by mouse, keys and touch, and the name that the welcome card offers."""

import pytest
from playwright.async_api import expect

from tests.support.matrix import sampled
from tests.support.server import ADMIN_PASSWORD

pytestmark = pytest.mark.asyncio(loop_scope="session")

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
IS_CUT = "e => e.scrollWidth > e.clientWidth"


async def test_card_opens_at_a_name_and_closes_in_every_way_and_a_row_cuts_the_status(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await bob.say("Hi @Ann")
    card = ann.page.get_by_role("dialog", name="Bob")
    for opener in ann.message("Hi").locator("> bdi"), ann.message("Hi").locator(".avatar"), ann.row("Bob"):
        for close in "Escape", "outside", "Close":
            await opener.click()
            await expect(card).to_be_visible()
            await expect(card).to_be_in_viewport(ratio=1)
            if close == "Escape":
                await ann.page.keyboard.press("Escape")
            elif close == "outside":
                await ann.page.mouse.click(500, 90)
            else:
                await card.get_by_role("button", name="Close").click()
            await expect(card).to_be_hidden()
            await expect(ann.field).to_be_focused()
    await ann.message("Hi").locator(".mention").click()
    await expect(ann.page.get_by_role("dialog", name="Ann")).to_be_visible()

    long = await guest("Maximiliane Freder")
    await long.become_admin(ADMIN_PASSWORD)
    row = ann.row("Maximiliane Freder")
    await expect(row.locator("small", has_text="admin")).to_be_visible()
    assert not await row.locator("bdi").evaluate(IS_CUT)
    assert await row.locator("small", has_text="admin").evaluate(IS_CUT)


async def test_card_works_by_keyboard(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await bob.say("Hi")
    await ann.sees("Hi")
    await ann.write("Well,")
    await ann.keys("Shift+Tab", "Tab")
    await expect(ann.page.get_by_role("button", name="Bob", exact=True).and_(ann.page.locator("bdi"))).to_be_focused()
    await ann.keys("Enter")
    await expect(ann.card.get_by_role("button", name="Message", exact=True)).to_be_focused()
    await ann.keys("Escape")
    await expect(ann.message("Hi").locator("> bdi")).to_be_focused()
    await ann.keys("Space")
    await expect(ann.card.get_by_role("button", name="Message", exact=True)).to_be_focused()
    await ann.keys("Tab", "Enter")
    await expect(ann.field).to_have_value("Well, @Bob ")
    await expect(ann.field).to_be_focused()
    await ann.page.get_by_role("list", name="People").focus()
    await ann.keys("Home", "ArrowDown", "Enter")
    await expect(ann.page.get_by_role("dialog", name="Bob")).to_be_visible()
    await ann.keys("Escape")
    await expect(ann.row("Bob").locator(".person")).to_be_focused()
    await ann.keys("Enter")
    await expect(ann.card.get_by_role("button", name="Message", exact=True)).to_be_focused()
    await ann.keys("Tab", "Tab", "Enter")
    await expect(ann.searchbox).to_have_value('from:"Bob"')


async def test_card_is_at_the_bottom_of_a_phone(enter, guest):
    ann, bob = await enter("Ann", **PHONE), await guest("Bob")
    await bob.say("Hi")
    await guest("Cid")
    await ann.sees_line("Cid joined")  # which moves the message
    await ann.message("Hi").locator("> bdi").tap()
    await expect(ann.card).to_be_in_viewport(ratio=1)
    box = await ann.card.bounding_box()
    assert (box["x"], box["width"], round(box["y"] + box["height"])) == (0, 390, 844)
    await ann.card.get_by_role("button", name="Close").tap()
    await expect(ann.card).to_be_hidden()
    await bob.leave()
    await ann.page.get_by_role("button", name="People").tap()
    await ann.page.locator(".absent summary").tap()
    await ann.away.get_by_role("button", name="Bob").tap()
    await expect(ann.card).to_contain_text("Away")
    await ann.card.get_by_role("button", name="Mention").tap()
    await expect(ann.field).to_have_value("@Bob ")
    await expect(ann.card).to_be_hidden()


@pytest.mark.parametrize("look", sampled(PHONE, {}), ids=["phone", "desktop"])
async def test_typing_replaces_the_suggested_name(enter, look):
    ann = await enter(**look)
    await expect(ann.card_name).not_to_have_value("")
    if look:
        await ann.card_name.tap()
    await expect(ann.card_name).to_be_focused()
    await ann.page.keyboard.type("Ann")
    await expect(ann.card_name).to_have_value("Ann")
    await ann.page.reload()
    await ann.page.keyboard.type("a")
    await expect(ann.card_name).to_have_value("Anna")
