"""The dialogs of rooms by keyboard."""

from playwright.async_api import expect

from tests.support.server import ADMIN_PASSWORD


async def test_room_is_created_shared_and_left_by_keyboard(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await ann.become_admin(ADMIN_PASSWORD)
    page = ann.page
    dialog = page.get_by_role("dialog", name="New room")
    name = dialog.get_by_role("textbox", name="Name", exact=True)
    heading, lobby = page.get_by_role("heading", name="Rooms"), page.get_by_role("link", name="Lobby")
    assert (await heading.bounding_box())["y"] + 20 < (await lobby.bounding_box())["y"]
    await page.get_by_role("button", name="New room").press("Enter")
    await expect(name).to_be_focused()
    await ann.keys("Tab", "Space", "Enter")
    await expect(name).to_have_accessible_description("Please enter a name.")
    await expect(dialog.get_by_role("checkbox", name="Private", exact=True)).to_be_checked()
    await expect(dialog.get_by_role("button", name="Create", exact=True)).to_be_visible()
    await name.press_sequentially("Plans")
    await ann.keys("Enter")
    await expect(dialog).to_be_hidden()
    await expect(page).to_have_title("Plans · TCPChatNet")
    await expect(ann.field).to_be_focused()
    await expect(ann.online).to_have_css("font-size", "0px")  # two are in the chat, but not in this room

    await ann.menu_button.press("Enter")
    await ann.menu.get_by_role("button", name="Room settings").press("Enter")
    settings = page.get_by_role("dialog", name="Room settings")
    await ann.resize(1280, 640)
    await settings.get_by_label("Add someone").press_sequentially("Nobody")
    await settings.get_by_label("Add someone").evaluate("(field) => field.scrollIntoView({block: 'end'})")
    await ann.keys("Enter")
    await expect(settings.get_by_text("Couldn't find anyone")).to_be_in_viewport(ratio=1)
    await settings.get_by_label("Add someone").fill("bob")
    await ann.keys("Enter")
    await expect(settings.get_by_role("listitem")).to_contain_text(["Ann", "Bob"])
    await expect(settings.get_by_label("Add someone")).to_have_value("")
    await settings.get_by_role("button", name="Create link").press("Enter")
    link = settings.get_by_role("textbox", name="Link")
    await expect(link).to_be_focused()
    await settings.get_by_role("button", name="Remove Bob").press("Enter")
    await expect(settings.get_by_label("Add someone")).to_be_focused()
    await expect(bob.page.get_by_role("link", name="Plans")).to_have_count(0)

    await settings.get_by_role("button", name="Create link").press("Enter")
    await bob.page.goto(await link.input_value())
    await expect(bob.page).to_have_title("Plans · TCPChatNet")
    await expect(bob.page.get_by_role("navigation", name="Rooms")).to_be_visible()
    await expect(bob.page.get_by_role("button", name="New room")).to_be_hidden()
    await bob.say("/room leave")
    await bob.page.get_by_role("dialog", name="Leave Plans?").get_by_role("button", name="Leave room").press("Enter")
    await expect(bob.page).to_have_title("TCPChatNet")
    await expect(bob.field).to_be_focused()


async def test_text_of_a_member_who_is_removed_is_offered_in_the_lobby(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await ann.become_admin(ADMIN_PASSWORD)
    await ann.say("/room private Plans")
    await expect(ann.page).to_have_title("Plans · TCPChatNet")
    await ann.say("Who brings cake?")
    await ann.say("/room invite @Bob")
    await bob.page.get_by_role("link", name="Plans").click()
    await expect(bob.page).to_have_title("Plans · TCPChatNet")
    await bob.press("Reply", "Who brings cake?")
    await expect(bob.about.filter(has_text="Replying to")).to_be_visible()
    await bob.write("I could, if somebody has eggs")
    await ann.say("/room remove @Bob")
    await expect(bob.answer).to_contain_text("You're no longer a member of Plans.")
    await expect(bob.answer).to_contain_text("I could, if somebody has eggs")
    await expect(bob.page).to_have_title("TCPChatNet")
    await expect(bob.field).to_have_value("")
    await expect(bob.field).to_be_focused()
