"""The composer: keys, input methods, touch, growth, rejected messages and fast typing over a slow network."""

import pytest
from playwright.async_api import expect

from tests.support.matrix import sampled

TOUCH = {"has_touch": True, "is_mobile": True, "viewport": {"width": 360, "height": 740}}
HALF_A_ROUND_TRIP = 0.075


async def test_enter_and_the_button_send_and_shift_enter_breaks_the_line(enter):
    ann = await enter("Ann")
    await ann.field.press_sequentially("one")
    await ann.field.press("Shift+Enter")
    await ann.field.press_sequentially("two")
    await expect(ann.field).to_have_value("one\ntwo")
    await ann.field.press("Enter")
    await expect(ann.messages).to_have_count(1)
    assert await ann.messages.locator(".text").evaluate("e => e.innerText") == "one\ntwo"
    await expect(ann.field).to_have_value("")
    await ann.field.fill("by mouse")
    await ann.send_button.click()
    await ann.sees("one two", "by mouse")
    await expect(ann.field).to_be_focused()


@pytest.mark.parametrize("touch", sampled(TOUCH, {}), ids=["phone", "desktop"])
async def test_emoji_is_put_where_the_caret_is(enter, touch):
    ann = await enter("Ann", **touch)
    await ann.write("well done")
    await ann.field.evaluate("e => e.setSelectionRange(4, 5)")
    await ann.insert_emoji("party popper")
    await expect(ann.picker).to_be_hidden()
    await expect(ann.field).to_have_value("well🎉done")
    await expect(ann.field).to_be_focused()
    await ann.keys("Control+z")
    await expect(ann.field).to_have_value("well done")
    for is_open in (True, False):
        await ann.page.get_by_role("button", name="Emoji").click()
        await expect(ann.picker).to_be_visible(visible=is_open)
        if is_open:
            await expect(ann.page.locator("#emoji")).to_be_in_viewport(ratio=1)


async def test_enter_during_ime_composition_sends_nothing(enter):
    ann = await enter("Ann")
    keyboard = await ann.page.context.new_cdp_session(ann.page)
    await ann.field.focus()
    await keyboard.send("Input.imeSetComposition", {"text": "にほん", "selectionStart": 3, "selectionEnd": 3})
    await expect(ann.field).to_have_value("にほん")
    await keyboard.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", "key": "Enter", "windowsVirtualKeyCode": 229})
    await keyboard.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", "key": "Enter", "windowsVirtualKeyCode": 13})
    await expect(ann.field).to_have_value("にほん")
    await keyboard.send("Input.insertText", {"text": "日本"})
    await expect(ann.field).to_have_value("日本")
    await ann.field.press("Enter")
    await ann.sees("日本")


async def test_enter_breaks_the_line_on_touch(enter):
    ann = await enter("Ann", **TOUCH)
    await ann.field.tap()
    await ann.write("one\ntwo")
    await expect(ann.field).to_have_value("one\ntwo")
    await ann.send_button.tap()
    await ann.sees("one two")
    await expect(ann.field).to_have_value("")
    await ann.write("by a keyboard")
    await ann.field.press("Control+Enter")
    await ann.sees("one two", "by a keyboard")


async def test_field_grows_to_six_lines(enter):
    ann = await enter("Ann")
    heights = []
    for lines in range(1, 9):
        await ann.field.fill("\n".join("x" * lines))
        heights.append((await ann.field.bounding_box())["height"])
    line = heights[1] - heights[0]
    assert line > 10
    assert heights[5] - heights[0] == 5 * line
    assert heights[5] == heights[6] == heights[7]
    await ann.field.fill("")
    assert (await ann.field.bounding_box())["height"] == heights[0]


async def test_blank_text_is_not_sent_and_a_rejected_message_returns_to_the_field(enter):
    ann = await enter("Ann")
    await ann.say("  \n ")
    await ann.say("something")
    await ann.sees("something")
    await expect(ann.reason).to_be_hidden()
    await ann.say("x" * 4001)
    await ann.is_refused("x" * 4001, because="up to 4,000 characters; this one has 4,001")
    await ann.field.press("Backspace")
    await ann.field.press("Enter")
    await ann.sees("something", "x" * 4000)
    await expect(ann.reason).to_be_hidden()


async def test_returned_text_precedes_newer_text(enter, server):
    ann = await enter("Ann")
    with server.paused():
        await ann.send("/dance")
        await ann.write("and then")
    await expect(ann.reason).to_contain_text("/dance")
    await ann.write(" some")
    await expect(ann.field).to_have_value("/dance\nand then some")


@pytest.mark.exhaustive
async def test_two_returned_texts_keep_their_order(enter, server):
    ann = await enter("Ann")
    with server.paused():
        await ann.send("/dance")
        await ann.send("/sing")
    await ann.is_refused("/dance\n/sing", because="/dance")


@pytest.mark.exhaustive
async def test_two_returned_texts_precede_newer_text(enter, server):
    ann = await enter("Ann")
    with server.paused():
        await ann.send("/dance")
        await ann.write("\n/sing\nand then some")
    await ann.is_refused("/dance\n/sing\nand then some", because="/dance")


async def test_typing_through_enter_on_a_slow_network_loses_nothing(enter, make_proxy, guest):
    proxy = await make_proxy(HALF_A_ROUND_TRIP)
    ann = await enter("Ann", url=proxy.url)
    bob = await guest("Bob")
    said = ["The quick fox", "jumps", "over", "a", "lazy dog, doesn't it?"]
    await ann.field.press_sequentially("\n".join(said) + "\nand", delay=50)
    await bob.sees(*said)
    await ann.sees(*said)
    await expect(ann.field).to_have_value("and")


async def test_burst_of_messages_keeps_its_order_on_a_slow_network(enter, make_proxy, guest):
    proxy = await make_proxy(HALF_A_ROUND_TRIP)
    ann = await enter("Ann", url=proxy.url)
    bob = await guest("Bob")
    said = [f"number {number}" for number in range(12)]
    await ann.write("\n".join(said) + "\n")
    await bob.sees(*said)
    await expect(ann.field).to_have_value("")
    await expect(ann.waiting).to_have_count(0)
