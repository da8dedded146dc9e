"""The field: keys, refusals, the typing line, drafts and its height."""


async def test_enter_sends_and_shift_enter_breaks_the_line(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await ann.write("one")
    await ann.keys("Shift+Enter")
    await ann.write("two")
    await ann.field_has("one\ntwo")
    await ann.keys("Enter")
    await ann.field_has("")
    await bob.sees("one two")


async def test_lists_go_on_and_formats_are_undone(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await ann.write("- milk")
    await ann.keys("Shift+Enter")
    await ann.field_has("- milk\n- ")
    await ann.keys("Control+b")
    await ann.write("eggs")
    await ann.field_has("- milk\n- **eggs**")
    await ann.keys("Control+Enter")
    await ann.field_has("")
    await bob.sees("milk eggs")


async def test_emoji_is_put_into_the_text(enter):
    ann = await enter("Ann")
    await ann.write("well done ")
    await ann.insert_emoji("rocket")
    await ann.field_has("well done 🚀")
    await ann.is_at("Message")


async def test_enter_breaks_the_line_within_a_block_of_code(enter):
    ann = await enter("Ann")
    await ann.write("```")
    await ann.keys("Enter")
    await ann.write("code")
    await ann.keys("Enter")
    await ann.write("```")
    await ann.field_has("```\ncode\n```")
    await ann.keys("Enter")
    await ann.field_has("")
    await ann.sees("code")


async def test_refused_text_returns_to_the_field(enter):
    ann = await enter("Ann")
    await ann.say("/dance")
    await ann.is_refused("/dance", because="Unknown command: /dance")


async def test_typing_is_shown_to_others(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await ann.write("h")
    await bob.sees_typing("Ann is typing")


async def test_typing_of_others_is_shown(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await bob.write("h")
    await ann.sees_typing("Bob is typing")


async def test_draft_survives_a_reload(enter):
    ann = await enter("Ann")
    await ann.write("half a sent")
    await ann.reload()
    await ann.field_has("half a sent")


async def test_field_grows_with_its_text(enter):
    ann = await enter("Ann")
    heights = []
    for line in "abc":
        await ann.write(line)
        heights.append(await ann.field_height())
        await ann.keys("Shift+Enter")
    assert heights[0] < heights[1] < heights[2], heights


async def test_arabic_is_written_from_the_right(enter, guest):
    sara, bob = await enter("سارة"), await guest("Bob")
    await sara.choose_language("العربية", field="الرسالة")
    assert await sara.direction() == "rtl"
    await sara.sees_hint("كتابة رسالة…")
    await sara.say("مرحبا")
    await bob.sees("مرحبا")
