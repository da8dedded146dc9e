"""The menu, the settings and the search."""

from chat.domain.accounts.preference_choices import Accent
from chat.ui.personal_css import BRANDS
from tests.support.server import ADMIN_PASSWORD


async def test_menu_opens_and_closes(enter):
    ann = await enter("Ann")
    await ann.click("button", "Menu")
    await ann.is_shown("#menu")
    await ann.keys("Escape")
    await ann.is_shown("#menu", False)
    await ann.is_at("Message")


async def test_colour_is_chosen_in_the_settings(enter):
    ann = await enter("Ann")
    await ann.choose("Settings")
    await ann.sees_dialog("Settings")
    await ann.click("radio", "Teal")
    await ann.has_colour(BRANDS[Accent.TEAL])
    await ann.keys("Escape")
    await ann.sees_dialog()


async def test_search_leads_to_a_message(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await bob.say("The tea is ready")
    await bob.say("\n".join("another line" for _ in range(60)))
    await ann.search("tea")
    await ann.sees_results("The tea is ready")
    await ann.open_result()
    await ann.sees_dialog()
    await ann.is_at("The tea is ready")
    await ann.has_in_view("The tea is ready")


async def test_private_room_is_created_and_someone_added(enter, guest):
    ann, _bob = await enter("Ann"), await guest("Bob")
    await ann.become_admin(ADMIN_PASSWORD)
    await ann.click("button", "New room")
    await ann.sees_dialog("New room")
    await ann.enter_in("Name", "Plans")
    await ann.click("checkbox", "Private")
    await ann.click("button", "Create")
    await ann.sees_dialog()
    await ann.sees_texts("main h1", "Plans")
    await ann.is_at("Message")
    await ann.say("/room invite @Bob")
    await ann.sees_line("Ann added Bob")
    await ann.choose("Room settings")
    await ann.sees_dialog("Room settings")
    await ann.keys("Escape")
    await ann.sees_dialog()
