"""The compiled script on a page with little else: which files are pasted, dropped and recorded."""

import pytest
import pytest_asyncio

from chat.i18n.translator import translator
from chat.state.files.upload_limits import UploadLimits
from chat.ui.html.messages.files import attachments

pytestmark = pytest.mark.asyncio(loop_scope="session")

PASTE = """([copied, files]) => {
  const data = new DataTransfer()
  for (const [type, text] of Object.entries(copied)) data.setData(type, text)
  for (const name of files) data.items.add(new File(['tea'], name))
  const event = new ClipboardEvent('paste', {clipboardData: data, cancelable: true})
  chat.paste_files(event)
  return [event.defaultPrevented, [...document.querySelectorAll('#attachments b')].map((name) => name.textContent)]
}"""
CAN_RETRY = "() => !!document.querySelector('#attachments [data-retry]:not([hidden])')"
DRAG = """(steps) => {
  const data = new DataTransfer(), options = {bubbles: true, cancelable: true, dataTransfer: data}
  data.items.add(new File(['tea'], 'tea.txt'))
  chat.watch_drags()
  const seen = steps.map(([kind, css]) => {
    document.querySelector(css).dispatchEvent(new DragEvent(kind, options))
    return document.documentElement.dataset.dropping ?? ''
  })
  chat.leave_room()
  return seen
}"""


@pytest_asyncio.fixture(loop_scope="session")
async def composer(chat):
    """A composer whose files are all too large, so that none is uploaded."""
    html = attachments(translator("en"), UploadLimits(file=0), warns=False)
    await chat.evaluate(f"document.getElementById('composer').insertAdjacentHTML('beforeend', `{html}`)")
    return chat


@pytest.mark.parametrize(
    ("copied", "files", "attached"),
    [
        ({}, ["screenshot.png"], ["screenshot.png"]),
        ({"text/html": "<img src=cup.png>"}, ["cup.png"], ["cup.png"]),  # a picture, from a page
        ({"text/plain": "tea.txt"}, ["tea.txt"], ["tea.txt"]),  # a file, from a file manager
        ({"text/plain": "a\ncake"}, ["a", "cake"], ["a", "cake"]),
        ({"text/plain": "1\t2", "text/html": "<table>"}, ["cells.png"], []),  # a table, from a program
        ({"text/plain": "tea"}, [], []),
    ],
)
async def test_files_are_attached_unless_formatted_text_was_copied(composer, copied, files, attached):
    assert await composer.evaluate(PASTE, [copied, files]) == [bool(attached), attached]
    assert not await composer.evaluate(CAN_RETRY)  # they stay too large


CAN_RECORD = """(kind) => {
  const before = MediaRecorder.isTypeSupported
  Object.defineProperty(navigator, 'mediaDevices', {value: {}, configurable: true})
  MediaRecorder.isTypeSupported = (asked) => asked === kind
  document.getElementById('outbox').innerHTML = '<button data-record hidden></button>'
  chat.offer_recording()
  MediaRecorder.isTypeSupported = before
  delete navigator.mediaDevices
  return !document.querySelector('[data-record]').hidden
}"""


@pytest.mark.parametrize(("kind", "can_record"), [("audio/webm", True), ("audio/mp4", True), ("", False)])
async def test_recording_is_offered_if_the_recorder_supports_anything(chat, kind, can_record):
    assert await chat.evaluate(CAN_RECORD, kind) == can_record


async def test_place_to_drop_is_shown_while_files_are_over_the_page(composer):
    steps = [
        ("dragenter", ".log"),
        ("dragover", ".log"),
        ("dragenter", "#composer"),
        ("dragleave", ".log"),
        ("dragleave", "#composer"),
        ("dragenter", ".log"),
        ("dragover", ".log"),
        ("drop", ".log"),
    ]
    assert await composer.evaluate(DRAG, steps) == ["", "files", "files", "files", "", "", "files", ""]


# A file is cut off, and the message is sent; tell after a change whether it is sent by itself once the file is there.
SENT_LATER = """(change) => {
  const form = document.getElementById('composer'), field = form.querySelector('textarea')
  let isSent = false
  form.addEventListener('submit', (event) => { event.preventDefault(); isSent = true }, {once: true})
  const attach = (name) => chat.add_line(name, new File(['tea'], name))
  const line = attach('tea.txt'), cake = attach('cake.txt')
  chat.show_ready(cake, 'u2', 'cake.txt', false)
  field.focus()
  chat.send(new Event('submit'), emit)
  field.addEventListener('input', (event) => chat.report_typing(event, emit), {once: true})
  if (change === 'resumed') chat.resume_page()
  else if (change === 'one more') chat.attach_file(new File(['pot'], 'pot.txt'))
  else if (change === 'one less') chat.remove_line(cake)
  else if (change === 'edit') chat.compose('edit-m1', 'old text')
  else field.value = change, field.dispatchEvent(new Event('input'))
  for (const each of [line, ...chat.lines()]) chat.show_ready(each, 'u1', 'tea.txt', false)
  chat.send_if_ready()
  return isSent
}"""


@pytest.mark.parametrize("text", ["Look", ""])
@pytest.mark.parametrize(
    ("change", "is_sent"),
    [("resumed", True), ("Look here", False), ("one more", False), ("one less", False), ("edit", False)],
)
async def test_message_waits_for_its_files_until_it_is_changed(composer, text, change, is_sent):
    await composer.write(text)
    assert await composer.evaluate(SENT_LATER, change) == is_sent
