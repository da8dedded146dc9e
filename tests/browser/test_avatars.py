"""Pictures of people: chosen in the settings, seen wherever they are named, and removed."""

from urllib.parse import parse_qs, urlsplit

from playwright.async_api import FilePayload, expect

from tests.browser.test_accessibility import expect_no_axe_violations
from tests.support.hostile_pictures import drawn, encoded
from tests.support.server import ADMIN_PASSWORD

LOADED = "image => image.complete && image.naturalWidth"


def as_file(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "", "buffer": content}


async def choose_picture(person, file: FilePayload) -> None:
    async with person.page.expect_file_chooser() as chooser:
        await person.settings.get_by_role("button", name="Change picture").click()
    await (await chooser.value).set_files(file)


async def test_square_of_a_picture_is_chosen_by_keys_and_by_pointer(enter):
    ann = await enter("Ann")
    await ann.choose("Settings")
    await choose_picture(ann, as_file("me.png", encoded(drawn(900, 600), "PNG")))
    use = ann.settings.get_by_role("button", name="Use picture")
    await expect(use).to_be_focused()
    await expect_no_axe_violations(ann)
    for name, key in ("Zoom", "ArrowRight"), ("Sideways", "Home"), ("Up and down", "End"):
        await ann.settings.get_by_role("slider", name=name).press(key)
    box = await ann.settings.locator(".frame").bounding_box()
    await ann.page.mouse.move(box["x"] + 70, box["y"] + 70)
    await ann.page.mouse.down()
    await ann.page.mouse.move(box["x"] + 30, box["y"] + 500, steps=4)
    await ann.page.mouse.up()
    async with ann.page.expect_request(lambda request: "avatar?" in request.url) as sent:
        await use.click()
    query = parse_qs(urlsplit((await sent.value).url).query)
    assert (query["zoom"], query["down"]) == (["1.05"], ["0"])
    assert 0.3 < float(query["across"][0]) < 0.7
    await expect(ann.settings.get_by_role("status").first).to_have_text("Your picture was changed.")
    await expect(ann.settings.get_by_role("button", name="Change picture")).to_be_focused()
    await choose_picture(ann, as_file("me.png", encoded(drawn(900, 600), "PNG")))
    await ann.settings.get_by_role("button", name="Cancel").click()
    await expect(use).to_be_hidden()


async def test_picture_is_chosen_seen_everywhere_and_removed(enter):
    ann, bob = await enter("Ann"), await enter("Bob")
    await ann.say("Before")
    await bob.sees("Before")
    await ann.choose("Settings")
    status, remove = ann.settings.get_by_role("status").first, ann.settings.get_by_role("button", name="Remove picture")
    await choose_picture(ann, as_file("tea.txt", b"Darjeeling"))
    await expect(status).to_have_text("This file isn't a picture.")
    await expect(remove).to_be_hidden()
    await choose_picture(ann, as_file("me.png", encoded(drawn(900, 600), "PNG")))
    await ann.settings.get_by_role("button", name="Use picture").click()
    await expect(status).to_have_text("Your picture was changed.")
    await expect(remove).to_be_visible()
    await ann.keys("Escape")
    in_message, in_row = bob.message("Before").locator(".avatar img"), bob.row("Ann").locator(".avatar img")
    for image in in_message, in_row:
        await expect(image).to_be_visible()
        await bob.page.wait_for_function(LOADED, arg=await image.element_handle())
    await in_message.locator("..").click()
    await expect(bob.card.locator(".avatar img")).to_be_visible()
    await bob.become_admin(ADMIN_PASSWORD)
    await bob.message("Before").locator("> .avatar").click()
    await bob.card.get_by_role("button", name="Moderate Ann").click()
    dialog = bob.page.locator("#dialog")
    await dialog.get_by_role("button", name="Remove picture…").click()
    await expect(dialog).to_contain_text("Everyone will see the initials of Ann instead.")
    await dialog.get_by_role("button", name="Remove picture", exact=True).click()
    await expect(dialog).to_be_hidden()
    await expect(in_message).to_have_count(0)
    await expect(in_row).to_have_count(0)
    await ann.choose("Settings")
    await expect(remove).to_be_hidden()
