"""Sending messages between real browsers, and how they look."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Locator, expect


async def computed_styles(locator: Locator, *properties: str) -> list[str]:
    """Return computed styles."""
    return await locator.evaluate("(e, names) => names.map(name => getComputedStyle(e)[name])", properties)


async def test_messages_go_both_ways_and_own_ones_look_different(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await ann.say("from Ann")
    await bob.sees("from Ann")
    await bob.say("from Bob")
    await ann.sees("from Ann", "from Bob")
    await expect(ann.field).to_have_value("")
    mine, theirs = (ann.message(text).locator(".text") for text in ("from Ann", "from Bob"))
    assert await computed_styles(mine, "backgroundColor") != await computed_styles(theirs, "backgroundColor")
    assert (await mine.bounding_box())["x"] > (await theirs.bounding_box())["x"]
    await expect(ann.message("from Ann").locator("bdi, .avatar").first).to_be_hidden()
    await expect(ann.message("from Bob").locator(".avatar")).to_be_visible()


async def test_link_opens_in_a_new_tab_and_line_breaks_and_spaces_are_kept(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await bob.say("The plan: https://example.org/plan?day=3&room=2, see you")
    link = ann.message("The plan").get_by_role("link")
    await expect(link).to_have_text("https://example.org/plan?day=3&room=2")
    await expect(link).to_have_attribute("href", "https://example.org/plan?day=3&room=2")
    await expect(link).to_have_attribute("target", "_blank")
    await expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")
    text = "if hungry:\n    eat()\n\nelse:   sleep()"
    await ann.say(text)
    await expect(ann.messages).to_have_count(2)
    assert await ann.messages.last.locator(".text").evaluate("e => e.innerText") == text


async def test_html_and_scripts_are_shown_as_typed_and_an_action_in_italics(enter, guest):
    texts = [
        "<img src=x onerror=\"document.title='broken in'\"><b>bold</b> &amp; &lt;",
        "<script>document.title='broken in'</script>{{ 7+7 }} ${7+7}",
        "https://example.org/\"onmouseover=\"document.title='broken in'",
        "javascript:document.title='broken in'",
    ]
    ann = await guest("Ann <i>&amp;")
    bob = await enter("Bob")
    for text in texts:
        await ann.say(text)
    await bob.sees(*texts)
    await expect(bob.messages.locator(".text :not(a)")).to_have_count(0)
    await expect(bob.messages.locator("a:not([href^='https://example.org/'])")).to_have_count(0)
    await expect(bob.row("Ann").locator("bdi")).to_have_text("Ann <i>&amp;")
    await expect(bob.page).to_have_title("TCPChatNet")
    await ann.say("/me waves")
    await expect(bob.message("waves").locator(".text")).to_have_text("Ann <i>&amp; waves")
    assert await computed_styles(bob.message("waves").locator(".text"), "fontStyle") == ["italic"]
    await expect(bob.message("waves").locator("bdi").first).to_be_visible()


async def test_times_are_in_the_browser_time_zone(enter, server):
    ann = await enter("Ann", timezone_id="America/New_York")
    bob = await enter("Bob", timezone_id="Asia/Kolkata")
    await ann.say("What time is it?")
    for person, zone in (ann, "America/New_York"), (bob, "Asia/Kolkata"):
        await person.sees("What time is it?")
        [message] = server.messages()
        local = datetime.fromisoformat(message["at"]).astimezone(ZoneInfo(zone))
        clock = f"{local:%I:%M %p}".lstrip("0")
        await expect(person.messages.locator(".text + relative-time")).to_have_text(clock)


@pytest.mark.exhaustive
async def test_times_are_in_the_browser_language(enter, server):
    ann = await enter("Ann", locale="en-GB", timezone_id="Europe/London")
    await ann.say("What time is it?")
    await ann.sees("What time is it?")
    local = datetime.fromisoformat(server.messages()[0]["at"]).astimezone(ZoneInfo("Europe/London"))
    await expect(ann.messages.locator(".text + relative-time")).to_have_text(f"{local:%H:%M}")


@pytest.mark.exhaustive
async def test_three_members_see_the_same_order(enter):
    people = [await enter(name) for name in ("Ann", "Bob", "Cid")]
    for number in range(3):
        for person in people:
            await person.field.fill(f"{number}")
            await person.field.press("Enter")
    seen = []
    for person in people:
        await expect(person.messages).to_have_count(9)
        seen.append(await person.messages.evaluate_all("all => all.map(e => e.id)"))
    assert seen[0] == seen[1] == seen[2]
