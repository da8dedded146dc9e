"""Completion while typing: people, commands and emoji."""


async def test_name_is_chosen_with_arrow_keys(enter, guest):
    ann = await enter("Ann")
    for name in "Anna Lee", "Bob", "Joanna":
        await guest(name)
    await ann.sees_people("Ann", "Anna Lee", "Bob", "Joanna")
    await ann.write("Hi @a")
    await ann.sees_suggestions("Anna Lee", "Ann", "Joanna")
    await ann.sees_selected("Anna Lee")
    await ann.keys("ArrowDown", "ArrowUp")
    await ann.sees_selected("Anna Lee")
    await ann.keys("Enter")
    await ann.field_has("Hi @Anna Lee ")


async def test_tab_accepts_a_command(enter):
    ann = await enter("Ann")
    await ann.write("/nic")
    await ann.sees_suggestions("/nick NAME")
    await ann.keys("Tab")
    await ann.field_has("/nick ")
    await ann.is_at("Message")


async def test_emoji_is_completed_and_that_undone(enter):
    ann = await enter("Ann")
    await ann.write("Done :tada")
    await ann.sees_selected("🎉 :tada:")
    await ann.keys("Enter")
    await ann.field_has("Done 🎉 ")
    await ann.ask("() => document.execCommand('undo')")  # which WebKitGTK has no key for
    await ann.field_has("Done :tada")
