"""Presence and typing in the browser."""

import pytest
from playwright.async_api import expect

BRIEF, PATIENT = "1", "20"


@pytest.fixture
def server(make_server, request):
    """Start a server with the grace that the test sets."""
    return make_server(CHAT_GRACE=getattr(request, "param", PATIENT))


async def test_count_and_roster_show_the_people_and_a_reload_announces_nothing(enter, guest):
    ann = await enter("Ann")
    await ann.sees_people("Ann")
    bob = await guest("Bob")
    for person in ann, bob:
        await person.sees_people("Ann", "Bob")
        await person.sees_line("joined")
    await expect(ann.row("Ann").locator(".you")).to_be_visible()
    await expect(ann.row("Bob").locator(".you")).to_be_hidden()
    await expect(ann.row("Bob").locator(".avatar")).to_have_attribute("data-is", "B")
    await ann.reload()
    await ann.say("back again")
    for person in ann, bob:
        await person.sees("back again")
        await person.sees_people("Ann", "Bob")
    await expect(ann.notices).to_have_text(["Ann and Bob joined"])


async def test_typing_is_shown_to_others_only_until_the_message_is_sent(enter, guest):
    ann = await enter("Ann")
    bob = await enter("Bob")
    cid = await guest("Cid")
    await ann.write("h")
    await bob.sees_typing("Ann is typing")
    await bob.write("h")
    await cid.sees_typing("Ann and Bob are typing")
    await ann.sees_typing("Bob is typing")
    await bob.sees_typing("Ann is typing")
    await ann.field.press("Enter")
    await bob.sees("h")
    await bob.sees_typing("")


@pytest.mark.exhaustive
async def test_typing_indicator_times_out(enter, guest):
    ann = await enter("Ann")
    bob = await guest("Bob")
    await ann.write("hm")
    await bob.sees_typing("Ann is typing")
    await bob.sees_typing("")
    await expect(ann.field).to_have_value("hm")


@pytest.mark.exhaustive
async def test_several_tabs_are_one_member(enter):
    ann = await enter("Ann")
    bob = await enter("Bob")
    tab = await ann.open_another_tab()
    await tab.say("from my second tab")
    for page in ann, bob, tab:
        await page.sees("from my second tab")
        await page.sees_people("Ann", "Bob")
    await tab.page.close()
    await ann.say("from my first tab")
    await bob.sees("from my second tab", "from my first tab")
    await bob.sees_people("Ann", "Bob")
    await expect(bob.row("Ann")).not_to_have_class("away")
    await expect(bob.notices).to_have_text(["Ann and Bob joined"])


@pytest.mark.parametrize("server", [BRIEF], indirect=True)
async def test_closing_the_last_tab_leaves(enter, guest, server):
    ann = await enter("Ann")
    bob = await guest("Bob")
    await ann.say("bye")
    await bob.sees("bye")
    await ann.page.close()
    await bob.sees_line("Ann left")
    await bob.sees_people("Bob")


async def test_roster_shows_a_reconnecting_member(enter, make_proxy):
    proxy = await make_proxy()
    ann = await enter("Ann", url=proxy.url)
    bob = await enter("Bob")
    await proxy.cut()
    await expect(bob.row("Ann")).to_contain_text("reconnecting")
    await bob.sees_people("Ann", "Bob")
    await proxy.heal()
    await expect(bob.row("Ann")).not_to_contain_text("reconnecting")
    await ann.say("here again")
    await bob.sees("here again")
    await expect(bob.notices).to_have_text(["Ann and Bob joined"])


async def test_leaving_returns_every_tab_to_the_card(enter, guest):
    ann = await enter("Ann")
    bob = await guest("Bob")
    tab = await ann.open_another_tab()
    await ann.write("a draft")
    await ann.leave()
    await tab.is_at_the_card()
    await bob.sees_people("Bob")
    await bob.sees_line("Ann left")
    await ann.join("Anna")
    await bob.sees_people("Anna", "Bob")
    await expect(ann.field).to_have_value("")


@pytest.mark.exhaustive
async def test_new_name_is_shown_everywhere(enter, guest):
    ann = await enter("Ann")
    bob = await guest("Bob")
    tab = await ann.open_another_tab()
    await ann.rename("Anna Lee")
    await expect(ann.rename_dialog).to_be_hidden()
    for page in ann, bob, tab:
        await page.sees_people("Anna Lee", "Bob")
        await page.sees_line("Ann is now called Anna Lee")
    await tab.menu_button.click()
    await expect(tab.menu.locator(".menu-name")).to_have_text("Anna Lee")
    await ann.write("x")
    await bob.sees_typing("Anna Lee is typing")
    await ann.reload()
    await ann.sees_people("Anna Lee", "Bob")


async def test_taken_name_is_rejected_next_to_the_field(enter, guest):
    await guest("Ann")
    bob = await enter()
    await bob.card_name.fill("ANN")
    await bob.card_name.press("Enter")
    await expect(bob.card_name).to_have_accessible_description("The name ANN is taken. Please choose another.")
    await expect(bob.card_name).to_have_value("ANN")
    await bob.card_name.fill("Bob")
    await bob.card_name.press("Enter")
    await bob.is_in()
    await bob.rename("Ann")
    await expect(bob.rename_dialog).to_contain_text("The name Ann is taken")
    await bob.sees_people("Ann", "Bob")


async def test_enter_joins_with_the_suggested_name(enter):
    ann = await enter()
    suggested = await ann.card_name.input_value()
    assert suggested.strip()
    await expect(ann.card_name).to_be_focused()
    await ann.page.keyboard.press("Enter")
    await ann.is_in()
    await ann.sees_people(suggested)


async def test_opened_line_of_joins_stays_open_and_focused_when_somebody_else_joins(enter, guest):
    ann = await enter("Ann")
    await guest("Bob")
    line = ann.log.locator(".presence summary")
    await expect(line).to_have_text("Ann and Bob joined")
    await line.focus()
    await ann.keys("Enter")
    everybody = ann.log.locator(".presence li")
    await expect(everybody).to_contain_text("Ann and Bob joined · ")
    await guest("Cid")
    await expect(line).to_have_text("Ann, Bob, and Cid joined")
    await expect(line).to_be_focused()
    await expect(everybody.first).to_be_visible()
