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
    await chat.evaluate("() => { attached = {}; chat.restore_attachments() }")
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
  const attach = (name) => chat.add_line('lobby', name, new File(['tea'], name))
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
  for (const each of [line, ...chat.lines('lobby')]) chat.show_ready(each, 'u1', 'tea.txt', false)
  chat.send_if_ready('lobby')
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


# The message is sent while a file is on its way, something is changed, and the page shows another room by the time that
# the file is there; tell what waits to be confirmed, and what is left in the first room.
SENT_ELSEWHERE = """([change, arrives]) => {
  const form = document.getElementById('composer'), field = form.querySelector('textarea')
  const go = (room) => {
    const list = document.getElementById('attachments')
    list.replaceWith(list.cloneNode(false))
    form.dataset.room = room
    delete form.dataset.about
    field.value = ''
    chat.restore_draft(form, emit)
    chat.restore_attachments()
  }
  let resent = 0, sent = 0
  form.addEventListener('resend', () => resent++)
  form.addEventListener('submit', (event) => { event.preventDefault(); sent++ })
  const line = chat.add_line('lobby', 'tea.txt', new File(['tea'], 'tea.txt'))
  chat.save_draft()
  chat.send(new Event('submit'), emit)
  if (change === 'text') field.value += ' here', chat.save_draft()
  else if (change === 'edit') chat.compose('edit-m1', 'old text')
  else if (change === 'reply') chat.compose('reply-m1')
  go('tea')
  if (change === 'back') go('lobby')
  if (arrives) chat.show_ready(line, 'u1', 'tea.txt', false)
  else chat.refuse(line, 'Too large.'), chat.tell_if_refused('lobby')
  chat.keep_attachments('lobby')
  chat.send_if_ready('lobby')
  const kept = chat.waiting('ann').map(chat.waiting_text)
  const told = document.getElementById('toast').textContent
  if (change !== 'back') go('lobby')
  return [kept, resent, sent, told, field.value, chat.attached_rows('lobby').length, chat.lines('lobby').length]
}"""
ROW = ["u1", "", "tea.txt", False]
UNSENT = "A file can't be uploaded. Your message in another room isn't sent yet."


@pytest.mark.parametrize("text", ["Look", ""])
@pytest.mark.parametrize(("change", "about"), [("", ""), ("reply", "reply-m1")])
async def test_message_is_sent_from_another_room_once_its_files_are_there(composer, text, change, about):
    await composer.write(text)
    sent = [[text, about, "lobby", [ROW]]]
    assert await composer.evaluate(SENT_ELSEWHERE, [change, True]) == [sent, 1, 0, "", "", 0, 0]


@pytest.mark.parametrize(("change", "left"), [("text", "Look here"), ("edit", "old text")])
async def test_message_that_was_changed_stays_a_draft_in_its_room(composer, change, left):
    await composer.write("Look")
    assert await composer.evaluate(SENT_ELSEWHERE, [change, True]) == [[], 0, 0, "", left, 1, 1]


async def test_message_is_sent_in_its_room_after_a_look_into_another(composer):
    await composer.write("Look")
    assert await composer.evaluate(SENT_ELSEWHERE, ["back", True]) == [[], 0, 1, "", "Look", 1, 1]


@pytest.mark.parametrize(("change", "told"), [("", UNSENT), ("back", "")])
async def test_message_whose_file_is_refused_stays_in_its_room(composer, change, told):
    await composer.write("Look")
    assert await composer.evaluate(SENT_ELSEWHERE, [change, False]) == [[], 0, 0, told, "Look", 0, 1]


GIVEN_BACK = """(is_known) => {
  const form = document.getElementById('composer')
  chat.add_uploaded('lobby', [['u1', '', 'tea.txt', false]])
  chat.send(new Event('submit'), emit)
  form.dataset.room = 'tea'
  if (!is_known) attached = {tea: attached.lobby}
  chat.restore_text(emitted[0][0], true)
  form.dataset.room = 'lobby'
  const list = document.getElementById('attachments')
  list.replaceWith(list.cloneNode(false))
  chat.restore_attachments()
  return [chat.attached_rows('lobby'), localStorage.getItem('chat.draft.ann')]
}"""


@pytest.mark.parametrize("is_known", [True, False], ids=("shown before", "not shown since a reload"))
async def test_files_of_a_refused_message_go_back_to_its_room(composer, is_known):
    await composer.write("Look")
    assert await composer.evaluate(GIVEN_BACK, is_known) == [[ROW], "Look"]
