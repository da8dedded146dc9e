"""Pictures and files."""

import base64
import io
import wave

import pytest

from tests.support.hostile_pictures import drawn, encoded
from tests.support.sights import HAND_OVER, MICROPHONE

STATES = "() => [...document.querySelectorAll('#attachments > li')].map((line) => line.dataset.state)"
REMOVE = """(name) => [...document.querySelectorAll('#attachments > li')]
  .find((line) => line.innerText.includes(name)).querySelector('[data-remove]').click()"""
DESCRIBE = "(text) => { document.querySelector('#attachments .alt').value = text }"
SENT = "() => [...document.querySelectorAll('.picture > img, .file > a')].map((e) => e.alt || e.textContent)"
IS_SHOWN = "(selector) => !!document.querySelector(selector)?.naturalWidth"
IS_OPEN = "() => document.querySelector('#picture').open"
POSITION = "() => document.querySelector('#picture > img').src.split('/').pop()"
CHOOSE_OWN = """(content) => {
  const data = new DataTransfer(), chooser = document.querySelector('.own-picture [type=file]')
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0))
  data.items.add(new File([bytes], 'me.png', {type: 'image/png'}))
  chooser.files = data.files
  chooser.dispatchEvent(new Event('change', {bubbles: true}))
}"""
PICTURE = base64.b64encode(encoded(drawn(), "PNG")).decode()
TEXT = base64.b64encode(b"Darjeeling").decode()


async def test_picture_is_chosen_sent_and_looked_at(enter):
    ann = await enter("Ann")
    await ann.ask(HAND_OVER, "choose", "cup.png", "image/png", PICTURE)
    await ann.eventually(["ready"], STATES)
    await ann.keys("Enter")
    await ann.eventually(True, IS_SHOWN, ".picture > img")
    await ann.ask("() => document.querySelector('.picture').click()")
    await ann.eventually(True, IS_SHOWN, "#picture > img")
    await ann.keys("Escape")
    await ann.eventually(False, IS_OPEN)


async def test_files_are_sent_after_a_lost_connection(enter, guest, make_proxy):
    proxy = await make_proxy()
    ann, bob = await enter("Ann", url=proxy.url), await guest("Bob")
    await ann.write("Look")
    await ann.ask(HAND_OVER, "paste", "cup.png", "image/png", PICTURE)
    await ann.ask(HAND_OVER, "drop", "pot.png", "image/png", PICTURE)
    await ann.ask(HAND_OVER, "drop", "secret.txt", "text/plain", TEXT)
    await ann.eventually(["ready"] * 3, STATES)
    await ann.ask(REMOVE, "secret.txt")
    await ann.ask(DESCRIBE, "A cup")
    await proxy.cut()
    await ann.is_offline()
    await ann.ask(HAND_OVER, "drop", "tea.txt", "text/plain", TEXT)
    await ann.eventually(["ready", "ready", "cut"], STATES)
    await ann.keys("Enter")
    await proxy.heal()
    await ann.is_offline(False)
    await bob.sees_message("Look")
    await ann.eventually(["A cup", "Picture: pot.png", "tea.txt"], SENT)
    await ann.ask("() => document.querySelector('.picture').click()")
    for key, position in ("ArrowRight", "1"), ("ArrowLeft", "0"), ("ArrowRight", "1"):
        await ann.keys(key)
        await ann.eventually(position, POSITION)
    await ann.keys("Escape")
    await ann.eventually(False, IS_OPEN)


async def test_sound_takes_a_line(enter):
    ann = await enter("Ann")
    await ann.ask(HAND_OVER, "choose", "tone.wav", "audio/wav", silence())
    await ann.eventually(["ready"], STATES)
    await ann.keys("Enter")
    await ann.eventually(40, "() => document.querySelector('audio')?.offsetHeight")


@pytest.mark.parametrize("enter", ["chromium", "firefox"], indirect=True)  # WebKitGTK can't record
async def test_voice_note_is_recorded_and_heard(enter):
    ann = await enter("Ann")
    await ann.ask(MICROPHONE)
    await ann.click("button", "Record a voice note")
    await ann.eventually(True, "() => document.querySelector('[data-record]').dataset.time > '0:00'")
    await ann.click("button", "Record a voice note")
    await ann.eventually(["ready"], STATES)
    await ann.keys("Enter")
    await ann.eventually(True, "() => document.querySelector('audio')?.readyState > 0")


def silence() -> str:
    """Return a second of it, encoded."""
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setparams((1, 1, 8_000, 8_000, "NONE", ""))
        sound.writeframes(b"\x80" * 8_000)
    return base64.b64encode(out.getvalue()).decode()


async def test_own_picture_is_chosen(enter):
    ann = await enter("Ann")
    await ann.choose("Settings")
    await ann.is_shown(".own-picture")
    await ann.ask(CHOOSE_OWN, PICTURE)
    await ann.eventually(True, IS_SHOWN, ".own-picture .frame img")
    await ann.ask("() => document.querySelector('.crop button').click()")
    await ann.eventually(True, IS_SHOWN, ".own-picture span img")
    await ann.keys("Escape")
    await ann.eventually(True, IS_SHOWN, "#people-drawer [data-member] img")
