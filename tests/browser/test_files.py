"""Pictures and files: chosen, pasted, dropped, described, sent, seen and deleted."""

import asyncio
import base64
import io
import re

import pytest
from PIL import Image
from playwright.async_api import FilePayload, Route, expect

from tests.browser.test_rooms import go_into
from tests.support.hostile_pictures import drawn, encoded
from tests.support.sights import HAND_OVER, MICROPHONE
from tests.support.stored_rooms import write_rooms

TOUCH = {"has_touch": True, "is_mobile": True, "viewport": {"width": 390, "height": 844}}


def picture(color="teal", size=(600, 400)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, color).save(out, "PNG")
    return out.getvalue()


def as_file(name: str, kind: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": content}


def attached(person):
    return person.page.get_by_role("list", name="Attachments").get_by_role("listitem")


async def attach(person, *files: FilePayload) -> None:
    """Choose files with the button, and wait until they are uploaded."""
    before = await attached(person).count()
    async with person.page.expect_file_chooser() as chooser:
        await person.click("button", "Attach")
    await (await chooser.value).set_files(files)
    await expect(attached(person).and_(person.page.locator("[data-state=ready]"))).to_have_count(before + len(files))


async def hand_over(person, how: str, name: str, kind: str, content: bytes) -> None:
    """Paste or drop a file."""
    await person.ask(HAND_OVER, how, name, kind, base64.b64encode(content).decode())


async def test_voice_note_is_recorded_and_heard(enter):
    ann, bob = await enter("Ann", **TOUCH), await enter("Bob")
    await bob.click("button", "Record a voice note")
    await expect(attached(bob)).to_contain_text("doesn't let this page use the microphone")
    await expect(bob.field).to_be_focused()
    await bob.write("I can only write")
    await bob.keys("Enter")
    await ann.has("I can only write")
    await ann.ask(MICROPHONE)
    await ann.click("button", "Record a voice note")
    await expect(ann.page.locator("[data-record][aria-pressed=true]")).to_have_attribute(
        "data-time", re.compile("[1-9]")
    )
    await ann.click("button", "Record a voice note")
    await expect(attached(ann).and_(ann.page.locator("[data-state=ready]"))).to_have_count(1)
    await ann.click("button", "Send")
    await expect(bob.page.locator("audio[aria-label^='Voice note']")).to_be_visible()
    await bob.eventually(True, "() => document.querySelector('audio').readyState > 0")


@pytest.mark.parametrize("device", [{}, TOUCH], ids=("desktop", "phone"))
async def test_picture_and_file_are_sent_and_seen(enter, guest, device):
    ann, bob = await enter("Ann", **device), await enter("Bob")
    await attach(ann, as_file("cup.png", "image/png", picture()), as_file("tea.txt", "text/plain", b"Darjeeling"))
    await attach(ann, as_file("secret.txt", "text/plain", b"not this one"))
    await attached(ann).filter(has_text="secret.txt").get_by_role("button", name="Remove").click()
    await attached(ann).filter(has_text="cup.png").get_by_role("textbox", name="Describe this picture").fill("A cup")
    await ann.field.fill("Look")
    await ann.click("button", "Send")
    await expect(attached(ann)).to_have_count(0)
    message = bob.message("Look")
    image = message.get_by_role("img", name="A cup")
    await expect(image).to_be_visible()
    await bob.eventually(True, "() => document.querySelector('.picture img').complete")
    assert await image.evaluate("image => [image.width, image.height, image.naturalWidth]") == [400, 267, 600]
    async with bob.page.expect_download() as download:
        await message.get_by_role("link", name="tea.txt", exact=True).click()
    assert (await download.value).suggested_filename == "tea.txt"
    assert (await (await download.value).path()).read_bytes() == b"Darjeeling"
    await expect(message.get_by_role("link")).to_have_count(2)


@pytest.mark.own_server
async def test_message_is_sent_while_its_author_looks_into_another_room(enter, make_server, tmp_path):
    write_rooms(tmp_path / "rooms", "Tea")
    url = make_server(tmp_path / "rooms").url
    ann, uploads = await enter("Ann", url=url), asyncio.Queue[Route]()
    await ann.page.route("**/upload?*", uploads.put)
    sent = ann.page.locator("[data-state=uploading]")

    async def send_and_go(text: str) -> Route:
        await hand_over(ann, "drop", f"{text}.txt", "text/plain", text.encode())
        await ann.field.fill(text)
        await ann.click("button", "Send")
        await expect(sent).to_have_count(1)
        await go_into(ann, "Tea")
        return await uploads.get()

    await (await send_and_go("Darjeeling")).continue_()
    await ann.say("I am here")
    await go_into(ann, "Lobby")
    await expect(ann.messages.get_by_role("link", name="Darjeeling.txt")).to_be_visible()
    await expect(attached(ann)).to_have_count(0)
    await expect(ann.field).to_have_value("")
    await (await send_and_go("Assam")).fulfill(status=429, json={"problem": "Too much.", "retry": True})
    await expect(ann.page.get_by_text("Your message in another room isn't sent yet.")).to_be_visible()
    await go_into(ann, "Lobby")
    await expect(ann.field).to_have_value("Assam")
    await expect(attached(ann)).to_contain_text("Too much.")
    await attached(ann).get_by_role("button", name="Try again").click()
    await (await uploads.get()).continue_()
    await expect(ann.messages.get_by_role("link", name="Assam.txt")).to_be_visible()
    await ann.page.unroute_all()


async def test_pasted_and_dropped_pictures_are_looked_at_one_by_one(enter):
    ann = await enter("Ann")
    await ann.field.focus()
    await hand_over(ann, "paste", "first.png", "image/png", picture("teal"))
    await hand_over(ann, "drop", "second.png", "image/png", picture("maroon"))
    await expect(attached(ann).and_(ann.page.locator("[data-state=ready]"))).to_have_count(2)
    await ann.keys("Enter")
    dialog, shown = ann.page.get_by_role("dialog", name="Picture", exact=True), ann.page.locator("#picture > img")
    await ann.messages.get_by_role("img", name="first.png").click()
    await expect(dialog).to_be_visible()
    await expect(shown).to_have_attribute("src", re.compile("/0$"))
    await expect(dialog.get_by_role("button", name="Previous")).to_be_disabled()
    await dialog.get_by_role("button", name="Next").click()
    await expect(shown).to_have_attribute("src", re.compile("/1$"))
    await ann.keys("ArrowLeft")
    await expect(shown).to_have_attribute("src", re.compile("/0$"))
    await dialog.get_by_role("button", name="Describe this picture").click()
    await expect(dialog).to_be_hidden()
    form = ann.page.get_by_role("dialog", name="Describe this picture")
    await form.get_by_role("textbox", name="Description").fill("A cup")
    await ann.keys("Enter")
    await expect(form).to_be_hidden()
    await ann.messages.get_by_role("img", name="A cup").click()
    await expect(dialog.get_by_role("paragraph")).to_have_text("A cup")
    await ann.keys("Escape")
    await expect(dialog).to_be_hidden()
    await expect(ann.field).to_be_focused()


async def test_picture_that_the_browser_cannot_read_has_no_preview(enter):
    ann = await enter("Ann")
    await attach(
        ann, as_file("cup.png", "image/png", picture()), as_file("tea.heic", "image/heic", encoded(drawn(), "HEIF"))
    )
    await expect(attached(ann).nth(0).locator("img")).to_be_visible()
    unread = attached(ann).nth(1).locator("img")
    await ann.page.wait_for_function("image => image.complete", arg=await unread.element_handle())
    await expect(unread).to_be_hidden()


async def test_file_survives_a_refusal_a_reload_and_a_lost_connection(enter, make_proxy):
    proxy = await make_proxy()
    ann = await enter("Ann", url=proxy.url)
    await attach(ann, as_file("tea.txt", "text/plain", b"Darjeeling"))
    await ann.field.fill("/topic Tea")
    await ann.click("button", "Send")
    await expect(ann.reason).to_contain_text("Commands can't be sent with files.")
    await expect(attached(ann)).to_contain_text("tea.txt")
    await ann.field.fill("Tea")
    await ann.reload()
    await expect(attached(ann)).to_contain_text("tea.txt")
    await proxy.cut()
    await expect(ann.offline_notice).to_be_visible()
    await hand_over(ann, "drop", "cake.txt", "text/plain", b"Cake")
    await expect(attached(ann).filter(has_text="cake.txt")).to_contain_text("The connection was lost.")
    await ann.click("button", "Send")
    await proxy.heal()
    await expect(ann.messages.get_by_role("link", name="cake.txt")).to_be_visible()
    await expect(ann.messages.get_by_role("link", name="tea.txt")).to_be_visible()
    await expect(attached(ann)).to_have_count(0)
