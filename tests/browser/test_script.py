"""The compiled script on a page with little else: what its functions decide."""

import json
from itertools import pairwise

import pytest
import pytest_asyncio

from chat.ui.browser.script import script
from tests.support.script_page import PAGE, URL, Script

pytestmark = pytest.mark.asyncio(loop_scope="session")

OWN = {"owner": "ann", "name": "Ann", "room": "lobby", "path": "room/lobby"}

# writing


async def test_draft_waits_while_a_message_is_edited(chat):
    await chat.write("half a thought")
    await chat.call("compose", "edit-m1", "the old text")
    assert await chat.field == "the old text"
    await chat.call("cancel_reply")
    assert await chat.field == "half a thought"
    assert "about" not in await chat.data


async def test_second_edit_keeps_the_first_draft(chat):
    await chat.write("half a thought")
    await chat.call("compose", "edit-m1", "one")
    await chat.call("compose", "edit-m2", "two")
    await chat.call("compose", "reply-m3")
    assert await chat.field == "half a thought"


async def test_cancelled_edit_comes_back_unless_the_message_was_changed(chat):
    await chat.write("half a thought")
    await chat.call("compose", "edit-m1", "one")
    await chat.write("one more")
    await chat.call("compose", "edit-m2", "two")  # which ends the first edit
    await chat.call("cancel_reply")
    assert await chat.field == "half a thought"
    await chat.call("compose", "edit-m1", "one")
    assert await chat.field == "one more"
    await chat.call("cancel_reply")
    await chat.call("compose", "edit-m1", "one, on the phone")
    assert await chat.field == "one, on the phone"
    await chat.call("compose", "edit-m2", "two")
    assert await chat.field == "two"


async def test_sent_edit_does_not_come_back(chat):
    await chat.call("compose", "edit-m1", "one")
    await chat.write("one more")
    await chat.call("cancel_reply")
    await chat.call("compose", "edit-m1", "one")
    await chat.evaluate("chat.send(new Event('submit'), emit)")
    await chat.call("compose", "edit-m1", "one")
    assert await chat.field == "one"


@pytest.mark.parametrize(("text", "is_dimmed"), [("", True), (" \n\u3000", True), ("a", False), ("🎉", False)])
async def test_button_is_dimmed_while_there_is_nothing_to_send(chat, text, is_dimmed):
    await chat.write(text)
    await chat.evaluate("chat.report_typing(new Event('input'), emit)")
    assert await chat.evaluate("document.querySelector('[type=submit]').disabled") == is_dimmed


@pytest.mark.parametrize(
    ("text", "kept"), [("plain", "plain"), ("half \ud83d", "half \ufffd"), ("\udc00 half", "\ufffd half"), ("🎉", "🎉")]
)
async def test_no_half_characters_are_sent(chat, text, kept):
    codes = [ord(unit) for unit in text] if text != "🎉" else [0xD83C, 0xDF89]
    assert await chat.evaluate(f"chat.well_formed(String.fromCharCode(...{codes}))") == kept


# sending


@pytest.mark.parametrize(
    ("written", "texts", "field"),
    [
        ("", ["one"], "one"),
        ("since", ["one"], "one\nsince"),
        ("", ["one", "two"], "one\ntwo"),
        ("since", ["one", "two"], "one\ntwo\nsince"),
        ("\nsince", ["one"], "one\n\nsince"),
    ],
)
async def test_refused_texts_go_back_in_order_before_what_was_typed_since(chat, written, texts, field):
    ids = []
    for text in texts:
        await chat.write(text)
        await chat.evaluate("chat.send(new Event('submit'), emit)")
        ids.append((await chat.evaluate("emitted.at(-1)"))[0])
    await chat.write(written)
    for message_id in ids:
        await chat.call("restore_text", message_id, True)
    assert await chat.field == field
    assert await chat.evaluate("Object.keys(sessionStorage)") == []


async def test_refused_edit_sets_the_draft_aside_again(chat):
    await chat.write("better", about="edit-m1")
    await chat.evaluate("chat.send(new Event('submit'), emit)")
    await chat.write("something new")
    await chat.call("restore_text", (await chat.evaluate("emitted[0]"))[0], True)
    assert await chat.field == "better"
    assert await chat.data == {**OWN, "about": "edit-m1", "kept": "something new"}


async def test_refused_reply_to_a_deleted_message_loses_its_subject(chat):
    await chat.write("me too", about="reply-m1")
    await chat.evaluate("chat.send(new Event('submit'), emit)")
    await chat.call("restore_text", (await chat.evaluate("emitted[0]"))[0], False)
    assert await chat.field == "me too"
    assert "about" not in await chat.data


async def test_only_texts_of_this_member_are_sent_again(chat):
    await chat.evaluate("socket.connected = false")
    for owner, text in (("ann", "mine"), ("eve", "hers")):
        await chat.write(text, owner=owner)
        await chat.evaluate("chat.send(new Event('submit'), emit)")
    await chat.write("", owner="ann")
    await chat.evaluate("socket.connected = true; chat.resend(new Event('resend'), emit)")
    assert [text for _, text, *_ in await chat.evaluate("emitted")] == ["mine"]


async def test_ids_sort_by_time(chat):
    ids = await chat.evaluate("[...Array(50)].map(() => chat.new_id())")
    assert len(set(ids)) == 50
    assert all(first[:8] <= second[:8] for first, second in pairwise(ids))


@pytest.mark.parametrize("text", ["", "  ", "\n\n"])
async def test_nothing_is_not_sent(chat, text):
    await chat.write(text)
    await chat.evaluate("chat.send(new Event('submit'), emit)")
    assert await chat.evaluate("emitted") == []
    assert await chat.field == text


# connecting

SOCKET = """() => {
  const listeners = {}, on = (name, listener) => { listeners[name] = listener }, settings = {}
  const set = (name) => (value) => { settings[name] = value }
  window.settings = settings, window.listeners = listeners
  const io = {on, reconnectionDelay: set('first'), reconnectionDelayMax: set('most'), timeout: set('attempt')}
  Object.assign(window.socket, {io, on, off: (name) => { listeners[name] = null }})
  chat.tune()
}"""


async def test_server_is_looked_for_every_second_and_less_often_after_half_a_minute(chat):
    await chat.evaluate(SOCKET)
    for minutes, most in ((0, 700), (0.4, 700), (0.6, 5000)):
        await chat.evaluate("listeners.disconnect('transport close')")
        await chat.evaluate(f"(now => {{ Date.now = () => now + {minutes * 60_000} }})(Date.now())")
        await chat.evaluate("listeners.reconnect_attempt(1)")
        assert await chat.evaluate("settings.most") == most
    await chat.evaluate("listeners.disconnect('transport close')")
    assert await chat.evaluate("[settings.most, settings.first]") == [700, 300]


@pytest.mark.parametrize(
    ("refusal", "loaded_by", "age", "then"),
    [
        ("Implicit handshake failed", "navigate", 1, "reload"),
        ("Implicit handshake failed", "reload", 1, "connect"),  # that didn't help
        ("Implicit handshake failed", "reload", 20, "reload"),
        ("Try again", "navigate", 1, "connect"),
    ],
)
async def test_refused_page_loads_again_or_looks_for_its_server(chat, refusal, loaded_by, age, then):
    await chat.evaluate(SOCKET)
    called = await chat.evaluate(f"""(() => {{
      const before = [setTimeout, performance], called = []
      const stand_in = {{getEntriesByType: () => [{{type: "{loaded_by}"}}], now: () => {1000 * age}}}
      const use = (value) => Object.defineProperty(window, "performance", {{value, configurable: true}})
      const named = (call) => ["reload", "connect"].find((name) => chat[name] === call)
      setTimeout = (call, pause) => called.push([named(call), pause >= 0 && pause <= 2000])
      use(stand_in)
      listeners.connect_error({{message: "{refusal}"}})
      setTimeout = before[0]
      use(before[1])
      return called
    }})()""")
    assert called == [[then, True]]


# storing


@pytest.mark.parametrize(
    "fault",
    [
        "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }",
        "Object.defineProperty(window, 'sessionStorage', {value: {}, configurable: true})",
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('', 'SecurityError') }, \
configurable: true})",
        "Object.defineProperty(window, 'sessionStorage', {value: null, configurable: true})",
    ],
)
async def test_texts_are_kept_in_memory_if_the_storage_is_full_or_forbidden(browser, fault):
    page = await browser.new_page()
    await page.route(URL, lambda route: route.fulfill(body=PAGE, content_type="text/html"))
    await page.goto(URL)
    await page.evaluate(f"() => {{ {fault} }}")
    await page.add_script_tag(content=script())
    chat = Script(page)
    await chat.write("half a sent")
    kinds = {"localStorage": "chat.one", "sessionStorage": "chat.two"}
    for kind, name in kinds.items():
        await chat.call("keep", kind, name, "half a sent")
        assert await chat.call("kept", kind, name) == "half a sent"
        assert name in await chat.call("names", kind, "chat.")
    assert await chat.evaluate("document.documentElement.dataset.unsaved") == "true"
    for kind, name in kinds.items():
        await chat.call("drop", kind, name)
    assert await chat.evaluate("document.documentElement.dataset.unsaved") is None
    await page.close()


async def test_texts_of_a_lost_id_go_to_the_member_of_the_same_name(chat):
    for owner, name, text in (("old", "Ann", "half a sent"), ("eve", "Eve", "hers")):
        await chat.write(text, owner=owner, name=name)
        await chat.call("save_draft")
    await chat.evaluate("() => { socket.connected = false }")
    await chat.write("waits", owner="old", name="Ann")
    await chat.evaluate("chat.send(new Event('submit'), emit)")
    await chat.write("half a sent")
    await chat.call("save_draft")
    await chat.write("", owner="new", name="Ann")
    await chat.evaluate("() => { socket.connected = true; chat.adopt_texts(document.getElementById('composer')) }")
    assert await chat.field == "waits\nhalf a sent"
    kept = await chat.evaluate("JSON.stringify([localStorage, sessionStorage])")
    assert ".old" not in kept and "hers" in kept
    assert await chat.evaluate("emitted") == []


# editing

CARET = "|"


async def write_at(chat, text):
    """Put a text into the field, with the caret or the selection at one or two bars."""
    parts = text.split(CARET)
    await chat.write("".join(parts))
    start, end = len(parts[0]), len(parts[0]) + (len(parts[1]) if len(parts) > 2 else 0)
    await chat.evaluate(f"document.querySelector('textarea').setSelectionRange({start}, {end})")


async def read_at(chat):
    """Return the text in the field, with bars around the selection, or one at the caret."""
    text, start, end = await chat.evaluate(
        "(({value, selectionStart: a, selectionEnd: b}) => [value, a, b])(\
document.querySelector('textarea'))"
    )
    return text[:start] + CARET + text[start:end] + (CARET if end > start else "") + text[end:]


@pytest.mark.parametrize(
    ("key", "before", "after"),
    [
        ("b", "a |word| here", "a **|word|** here"),
        ("b", "a **|word|** here", "a |word| here"),
        ("b", "|**word**|", "|word|"),
        ("b", "a |word |here", "a **|word|** here"),
        ("b", "a |", "a **|**"),
        ("b", "a **|**", "a |"),
        ("i", "|word|", "*|word|*"),
        ("i", "**|word|**", "***|word|***"),
        ("i", "***|word|***", "**|word|**"),
        ("i", "*|word|*", "|word|"),
        ("i", "|太字|です", "*|太字|*です"),
        ("e", "|word|", "`|word|`"),
        ("e", "`|word|`", "|word|"),
        ("e", "|a ` b|", "`` |a ` b| ``"),
        ("e", "|one\ntwo|", "```\n|one\ntwo|\n```"),
        ("e", "```\n|one\ntwo|\n```", "|one\ntwo|"),
    ],
)
async def test_selection_is_formatted_and_the_format_removed(chat, key, before, after):
    await write_at(chat, before)
    assert await chat.key("press", key, ctrlKey=True) == [[], True]
    assert await read_at(chat) == after
    await chat.evaluate("document.execCommand('undo')")
    assert await chat.field == before.replace(CARET, "")


@pytest.mark.parametrize(
    ("platform", "options", "formats"),
    [
        ("Win32", {"key": "b", "ctrlKey": True}, True),
        ("Win32", {"key": "и", "code": "KeyB", "ctrlKey": True}, True),
        ("Linux x86_64", {"key": "B", "ctrlKey": True}, True),
        ("MacIntel", {"key": "b", "metaKey": True}, True),
        ("MacIntel", {"key": "b", "ctrlKey": True}, False),
        ("Win32", {"key": "b", "metaKey": True}, False),
        ("Win32", {"key": "e", "ctrlKey": True, "altKey": True}, False),
        ("Win32", {"key": "i", "ctrlKey": True, "shiftKey": True}, False),
    ],
)
async def test_command_key_is_that_of_the_platform(chat, platform, options, formats):
    await chat.evaluate(
        f"() => Object.defineProperty(navigator, 'platform', {{get: () => '{platform}', configurable: true}})"
    )
    await write_at(chat, "|word|")
    key = options.pop("key")
    assert await chat.key("press", key, **options) == [[], formats]
    await chat.evaluate("() => { delete navigator.platform }")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("- milk|", "- milk\n- |"),
        ("* milk|", "* milk\n* |"),
        ("  - milk|", "  - milk\n  - |"),
        ("1. milk|", "1. milk\n2. |"),
        ("9) milk|", "9) milk\n10) |"),
        ("- [x] milk|", "- [x] milk\n- [ ] |"),
        ("> she said|", "> she said\n> |"),
        ("- milk|and eggs", "- milk\n- |and eggs"),
        ("- milk\n- |", "- milk\n|"),
        ("1. milk\n2. |", "1. milk\n|"),
        ("milk|", "milk\n|"),
        ("-milk|", "-milk\n|"),
        ("-5 degrees|", "-5 degrees\n|"),
        ("```\n- milk|", "```\n- milk\n|"),
    ],
)
async def test_lists_and_quotes_go_on_after_a_break(chat, before, after):
    await write_at(chat, before)
    await chat.evaluate("document.querySelector('form').addEventListener('beforeinput', chat.continue_list)")
    await chat.press("Shift+Enter")
    assert await read_at(chat) == after


@pytest.mark.parametrize(
    ("text", "sends"),
    [
        ("```|", False),
        ("```python\nprint()|", False),
        ("```\ncode\n```|", True),
        ("see ```js\ncode|", False),
        ("```code```|", True),
        ("~~~\ncode|", False),
        ("````\n```\ncode|", False),
        ("```\ncode```|", True),
        ("```\ncode\n``` after|", True),
        ("> ~~~\n> code\n> ~~~ after|", True),
        ("```\n```js|", False),
        ("`code`|", True),
        ("``` ``` and|", True),
        ("- ```\ncode|", False),
        ("> ```\n> code|", False),
        ("hello|", True),
        ("|```\ncode\n```", True),
    ],
)
async def test_enter_breaks_the_line_within_a_block_of_code(chat, text, sends):
    await chat.evaluate("() => { document.querySelector('form').onsubmit = () => { emit('sent'); return false } }")
    await write_at(chat, text)
    await chat.key("press", "Enter")
    assert bool(await chat.evaluate("emitted.length")) == sends
    await chat.key("press", "Enter", ctrlKey=True)
    assert await chat.evaluate("emitted.length")


# recording


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "0:00"), (7, "0:07"), (12, "0:12"), (60, "1:00"), (75, "1:15"), (600, "10:00")]
)
async def test_time_of_a_recording_is_in_minutes_and_seconds(chat, seconds, shown):
    assert await chat.call("minutes_and_seconds", seconds) == shown


# completing


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("@", True),
        ("hi @bo", True),
        ("(:smi", True),
        ("/he", True),
        ("[:x", True),
        ("bob@example", False),
        ("10:30", False),
        ("and/or", False),
        ("hi", False),
        ("@bob\nhi", False),
        ("こんにちは@田", True),
        ("＠", True),
        ("你好，@田", True),
        ("「＠田", True),
        ("¿@bo", True),
        ("／he", True),
        ("日本:smi", True),
        ("bob＠example", False),
        ("https://example", False),
        ("example.org/@bob", False),
    ],
)
async def test_suggestions_are_asked_for_at_the_beginning_of_a_word(chat, text, asks):
    await chat.write(text)
    await chat.evaluate("chat.complete(new Event('input'), emit)")
    assert bool(await chat.evaluate("emitted")) == asks


async def test_offset_is_where_the_text_that_is_emitted_begins(chat):
    await chat.write("x" * 100 + " @bo")
    await chat.evaluate("chat.complete(new Event('input'), emit)")
    [[before, start]] = await chat.evaluate("emitted")
    assert (before, start) == ("x" * 56 + " @bo", 44)


@pytest.mark.parametrize(
    ("keys", "selected"),
    [
        ("", "bob"),
        ("ArrowDown", "bonnie"),
        ("ArrowUp", "boris"),
        ("ArrowDown ArrowDown ArrowDown", "bob"),
        ("ArrowUp ArrowUp", "bonnie"),
    ],
)
async def test_arrows_lead_round_the_suggestions(chat, keys, selected):
    await chat.write("@bo")
    await chat.suggest("bob", "bonnie", "boris", word="@bo")
    for key in keys.split():
        assert await chat.key("press", key) == [[], True]
    assert await chat.evaluate("document.querySelector('[aria-selected=true]').textContent") == selected


@pytest.mark.parametrize(
    ("text", "takes"), [("@bo", True), ("@bon", True), ("@bonnie", False), ("@bx", False), ("@BON", True)]
)
async def test_option_is_taken_only_if_it_adds_to_what_was_typed_meanwhile(chat, text, takes):
    await chat.write(text)
    await chat.suggest("@bonnie", word="@bo")
    await chat.evaluate("() => { document.getElementById('completion').onclick = chat.choose }")
    await chat.evaluate("() => { document.querySelector('form').onsubmit = () => false }")
    await chat.key("press", "Enter")
    assert (await chat.field == "@bonnie ") == takes
    await chat.evaluate("document.execCommand('undo')")
    assert await chat.field == text


@pytest.mark.parametrize(
    ("options", "word", "field", "focused"),
    [
        (["@Joanna", "@Joe"], "@jo", "Hi @Joanna x", "TEXTAREA"),
        ([], "", "Hi @jo", "BUTTON"),
        (["@Bob"], "@bo", "Hi @jo", "BUTTON"),
    ],
)
async def test_tab_waits_for_suggestions_and_moves_on_if_there_are_none(chat, options, word, field, focused):
    await chat.evaluate("document.querySelector('textarea').addEventListener('keydown', e => chat.press(e, emit))")
    await chat.evaluate("() => { document.getElementById('completion').onclick = chat.choose }")
    await chat.write("Hi @jo")
    for key in ("Tab", "x"):
        await chat.press(key)
    *asked, answer = await chat.evaluate("emitted.at(-1)")
    assert asked == ["suggest", "Hi @jo", 0]
    await chat.suggest(*options, word=word, start=3)
    await chat.call("release", answer["held"])
    assert [await chat.field, await chat.evaluate("document.activeElement.tagName")] == [field, focused]


async def test_tab_moves_on_after_escape_has_closed_the_suggestions(chat):
    await chat.write("Hi @jo")
    await chat.suggest("@Joanna", word="@jo", start=3)
    assert await chat.key("press", "Escape") == [["close-suggestions"], True]
    assert await chat.key("press", "Tab") == [["close-suggestions"], False]


@pytest.mark.parametrize(("key", "field"), [("Tab", "@bob "), ("Enter", "@bob")])
async def test_complete_name_is_taken_by_tab_and_sent_by_enter(chat, key, field):
    await chat.evaluate("() => { document.getElementById('completion').onclick = chat.choose }")
    await chat.evaluate("() => { document.querySelector('form').onsubmit = () => false }")
    await chat.write("@bob")
    await chat.suggest("@bob", word="@bob")
    await chat.evaluate("document.querySelector('[role=option]').setAttribute('aria-selected', false)")
    assert await chat.key("press", key) == [[], True]
    assert await chat.field == field


@pytest.mark.parametrize(
    ("text", "key", "options", "outcome"),
    [
        ("", "ArrowUp", {}, [["edit"], True]),
        ("a", "ArrowUp", {}, [[], False]),
        ("a", "Enter", {"shiftKey": True}, [[], False]),
        ("a", "Enter", {"isComposing": True}, [[], False]),
        ("a", "Enter", {"keyCode": 229}, [[], False]),
        ("a", "Escape", {}, [[], False]),
        ("a", "b", {}, [[], False]),
    ],
)
async def test_keys_in_the_field(chat, text, key, options, outcome):
    await chat.write(text)
    emitted, is_handled = await chat.key("press", key, **options)
    assert [[value for value in emitted if isinstance(value, str)], is_handled] == outcome


async def test_escape_closes_what_is_topmost_before_the_server_answers(chat):
    await chat.write("a", about="reply-m1")
    await chat.evaluate("document.querySelector('.composer').insertAdjacentHTML('afterbegin', '<p class=answer></p>')")
    await chat.suggest("abc")
    assert await chat.key("press", "Escape") == [["close-suggestions"], True]
    assert await chat.evaluate("document.getElementById('completion').children.length") == 0
    assert await chat.key("press", "Escape") == [["close-suggestions", "close-answer"], True]
    await chat.evaluate("document.querySelector('.answer').remove()")
    assert (await chat.data)["about"] == "reply-m1"
    assert await chat.key("press", "Escape") == [["close-suggestions", "close-answer", "cancel"], True]
    assert "about" not in await chat.data
    assert await chat.key("press", "Escape") == [["close-suggestions", "close-answer", "cancel"], False]


# reading


@pytest.mark.parametrize(
    ("key", "leads_to"),
    [("ArrowUp", "m-one"), ("ArrowDown", "m-three"), ("Home", "m-one"), ("End", "m-three"), ("a", "m-two")],
)
async def test_where_a_key_leads_from_a_message(chat, key, leads_to):
    await chat.evaluate("document.getElementById('m-two').tabIndex = -1; document.getElementById('m-two').focus()")
    await walk(chat, key)
    assert await chat.evaluate("document.activeElement.id") == leads_to


@pytest.mark.parametrize(("key", "leads_to"), [("ArrowUp", "m-three"), ("Home", "m-one"), ("End", "m-three")])
async def test_where_a_key_leads_from_the_list(chat, key, leads_to):
    await chat.evaluate("document.querySelector('.log').focus()")
    await walk(chat, key)
    assert await chat.evaluate("document.activeElement.id") == leads_to


async def test_escape_leads_from_a_message_to_the_field(chat):
    await chat.evaluate("document.getElementById('m-one').focus()")
    await walk(chat, "Escape")
    assert await chat.evaluate("document.activeElement.tagName") == "TEXTAREA"


async def walk(chat, key):
    await chat.evaluate(
        f"""() => {{ const log = document.querySelector('.log')
          log.addEventListener('keydown', (event) => chat.walk(event), {{once: true}})
          document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {{key: '{key}', bubbles: true}})) }}"""
    )


# holding

AHEAD = """<form><input id=name></form>
  <dialog><form onsubmit="event.preventDefault(); sent.push(ahead.value)"><input id=ahead>
    <fieldset disabled><input></fieldset><input type=hidden><button tabindex=-1></button><input id=next value=old>
  </form></dialog>"""


async def ask(chat, *values, leads_to=""):
    """Ask as if by a command, and return what the answer releases."""
    await chat.evaluate(f"chat.ask(emit, {json.dumps([*values])}, '{leads_to}')")
    return (await chat.evaluate("emitted.at(-1).at(-1)"))["held"]


async def type_ahead(chat, *keys):
    for key in keys:
        await chat.press(key)


@pytest_asyncio.fixture(loop_scope="session")
async def waiting(chat):
    await chat.evaluate(f"document.getElementById('outbox').innerHTML = {json.dumps(AHEAD)}; window.sent = []; null")
    await chat.write("")
    return chat


async def test_keys_wait_for_the_dialog_that_was_asked_for(waiting):
    answer = await ask(waiting, "search")
    await type_ahead(waiting, "t", "o", "Backspace", "e", "Enter")
    assert await waiting.field == ""
    await waiting.evaluate("document.querySelector('dialog').showModal()")
    await waiting.call("release", answer)
    assert await waiting.evaluate("[ahead.value, sent]") == ["te", ["te"]]
    await type_ahead(waiting, "a")
    assert await waiting.evaluate("ahead.value") == "tea"
    await waiting.evaluate("document.querySelector('dialog').close()")


async def test_impatient_enter_sends_no_draft(waiting):
    await waiting.evaluate("document.querySelector('textarea').addEventListener('keydown', e => sent.push(e.key))")
    await waiting.write("half a thought")
    answer = await ask(waiting, "--rename", "", "")
    await type_ahead(waiting, "Enter", "a", "Enter")
    await waiting.call("release", answer)
    assert await waiting.evaluate("sent") == ["a", "Enter"]
    answer = await ask(waiting, "room/tea", "", "push")
    await type_ahead(waiting, "Enter")
    await waiting.write("restored", room="tea")
    await waiting.call("release", answer)
    assert await waiting.evaluate("sent") == ["a", "Enter"]
    answer = await ask(waiting, "--rename", "", "")
    await type_ahead(waiting, "Enter")
    await waiting.write("pasted since")
    await waiting.call("release", answer)
    assert await waiting.evaluate("sent") == ["a", "Enter", "Enter"]


async def test_keys_wait_for_all_that_was_asked_for_and_go_on_where_a_key_asks_again(waiting):
    first, second = await ask(waiting, "search"), await ask(waiting, "--reply", "", "m-1")
    await type_ahead(waiting, "a", "Enter", "b")
    await waiting.call("release", first)
    assert await waiting.field == ""
    await waiting.evaluate("""() => document.querySelector('textarea').addEventListener('keydown', event => {
      if (event.key === 'Enter') { event.preventDefault(); chat.ask(emit, ['/msg bob']) } })""")
    await waiting.call("release", second)
    assert await waiting.field == "a"
    await type_ahead(waiting, "c")
    await waiting.call("release", await waiting.evaluate("emitted.at(-1).at(-1).held"))
    assert await waiting.field == "abc"


async def test_keys_for_another_room_wait_for_it_and_no_longer(waiting):
    answer = await ask(waiting, "room/tea", "", "push")
    await type_ahead(waiting, "a")
    await waiting.call("release_in_room")  # the same room, of which something was built again
    assert await waiting.field == ""
    await waiting.evaluate("document.getElementById('composer').dataset.room = 'tea'; null")
    await waiting.evaluate("document.querySelector('dialog').showModal()")
    await waiting.call("release_in_room")
    assert await waiting.field == ""
    await waiting.evaluate("document.querySelector('dialog').close()")
    await waiting.evaluate("document.querySelector('textarea').setSelectionRange(0, 0)")  # as `watch_focus` does
    await waiting.call("release_in_room")
    assert await waiting.field == "a"
    await ask(waiting, "search")
    await type_ahead(waiting, "b")
    await waiting.call("release", answer)  # late
    assert await waiting.field == "a"


async def test_tab_waits_and_moves_among_what_was_asked_for(waiting):
    answer = await ask(waiting, "--account", "", "")
    await type_ahead(waiting, "a", "Tab", "b", "Tab", "c", "Shift+Tab", "d", "Enter")
    await waiting.evaluate("document.querySelector('dialog').showModal()")
    await waiting.call("release", answer)
    assert await waiting.evaluate("[ahead.value, next.value, sent]") == ["c", "d", ["c"]]


async def test_composed_text_waits(waiting):
    await waiting.write("half a thought")
    await waiting.evaluate("document.querySelector('textarea').setSelectionRange(4, 4)")
    answer = await ask(waiting, "search")
    await waiting.compose("日本")
    await type_ahead(waiting, "!")
    await waiting.compose("語")
    assert await waiting.field == "half a thought"
    assert await waiting.evaluate("document.querySelector('textarea').selectionStart") == 4
    await waiting.evaluate("document.querySelector('dialog').showModal()")
    await waiting.call("release", answer)
    assert await waiting.evaluate("ahead.value") == "日本!語"
    await waiting.compose("は")
    assert await waiting.evaluate("ahead.value") == "日本!語は"


async def test_text_that_is_being_composed_as_the_dialog_opens_goes_on_there(waiting):
    answer = await ask(waiting, "search")
    await waiting.compose("に", is_done=False)
    await waiting.evaluate("document.querySelector('dialog').showModal()")
    await waiting.call("release", answer)
    await waiting.compose("ほん")
    assert [await waiting.field, await waiting.evaluate("ahead.value")] == ["", "にほん"]


@pytest.mark.parametrize(
    ("leads_to", "comes", "left"),
    [
        ("dialog[open]", "", "a\nb"),
        ("#composer[data-about]", "", "a\nb"),
        ("#composer[data-about]", "document.getElementById('composer').dataset.about = 'reply-m1'", "a\nb\n"),
        ("", "", "a\nb\n"),
    ],
)
async def test_keys_send_nothing_if_what_was_asked_for_was_refused(waiting, leads_to, comes, left):
    answer = await ask(waiting, "--new-room", "", "", leads_to=leads_to)
    await type_ahead(waiting, "a", "Enter", "b", "Enter")
    await waiting.evaluate(f"{comes}; null")
    await waiting.call("release", answer)
    assert await waiting.field == left


@pytest.mark.parametrize("end", ["document.body.dispatchEvent(new Event('pointerdown', {bubbles: true}))", "clock()"])
async def test_keys_without_an_answer_send_nothing(waiting, end):
    await waiting.evaluate("window.real = setTimeout; window.setTimeout = (call) => { window.clock = call }; null")
    answer = await ask(waiting, "search")
    await waiting.evaluate("window.setTimeout = real; null")
    await type_ahead(waiting, "a", "Enter", "b")
    await waiting.evaluate(f"{end}; null")
    assert await waiting.field == "a\nb"
    await type_ahead(waiting, "c")
    await waiting.call("release", answer)
    assert await waiting.field == "a\nbc"


async def test_other_keys_do_not_wait(waiting):
    await waiting.evaluate("socket.connected = false; chat.ask(emit, ['search']); socket.connected = true")
    assert await waiting.evaluate("emitted") == [["search"]]
    await type_ahead(waiting, "a")
    await ask(waiting, "search")
    await type_ahead(waiting, "Control+a", "Delete", "b")
    assert await waiting.field == ""
    await waiting.evaluate("document.querySelector('dialog').showModal()")
    await type_ahead(waiting, "Escape", "c")  # which leaves the dialog, and what was typed for it
    assert await waiting.evaluate("[document.querySelector('dialog').open, ahead.value]") == [False, ""]
    assert await waiting.field == "c"


@pytest.mark.parametrize(
    ("text", "asks"), [("/msg bob", True), ("／msg bob", True), (" /topic", True), ("a/b", False), ("hello", False)]
)
async def test_command_is_answered_before_the_next_text(chat, text, asks):
    await chat.write(text)
    await chat.evaluate("chat.send(new Event('submit'), emit)")
    assert await chat.evaluate("emitted[0].at(-1).held > 0") == asks


async def test_focus_is_not_taken_from_a_field_that_is_being_typed_in(waiting):
    await waiting.evaluate("document.getElementById('outbox').firstElementChild.innerHTML += '<button>Add</button>'")
    for focused, reached in (("button", "name"), ("#name", "name"), ("textarea", "")):
        await waiting.evaluate(f"document.querySelector('#outbox {focused}, .composer {focused}').focus()")
        await waiting.call("continue_in", "name", False)
        assert await waiting.evaluate("document.activeElement.id") == reached


async def test_used_text_is_removed_unless_something_else_was_typed_since(waiting):
    for typed, left in (("Bob", ""), ("Bobby", "Bobby")):
        await waiting.evaluate(f"document.getElementById('name').value = '{typed}'; null")
        await waiting.call("empty_field", "name", "Bob")
        assert await waiting.evaluate("document.getElementById('name').value") == left


# asking and acting


@pytest.mark.parametrize(
    ("platform", "options", "opens"),
    [
        ("Win32", {"ctrlKey": True}, True),
        ("Linux x86_64", {"ctrlKey": True, "key": "K"}, True),
        ("Linux x86_64", {"ctrlKey": True, "key": "л", "code": "KeyK"}, True),
        ("Linux x86_64", {"ctrlKey": True, "key": "o", "code": "KeyK"}, False),
        ("Linux x86_64", {"ctrlKey": True, "shiftKey": True}, False),
        ("Win32", {}, False),
        ("Win32", {"metaKey": True}, False),
        ("MacIntel", {"metaKey": True}, True),
        ("MacIntel", {"ctrlKey": True}, False),
        ("iPhone", {"metaKey": True}, True),
        ("iPad", {"ctrlKey": True}, False),
    ],
)
async def test_keys_of_the_search_depend_on_the_device(chat, platform, options, opens):
    await chat.evaluate(f"Object.defineProperty(navigator, 'platform', {{value: '{platform}', configurable: true}})")
    event = f"new KeyboardEvent('keydown', {json.dumps({'key': 'k', **options})})"
    assert bool(await chat.evaluate(f"chat.is_search_key({event})")) == opens
    assert await chat.call("has_apple_keys") == platform.startswith(("Mac", "iP"))
    await chat.evaluate("delete navigator.platform")


@pytest.mark.parametrize(
    ("control", "emitted"),
    [
        ("<input name=a type=checkbox checked>", ["a", True]),
        ("<input name=a type=range min=0 max=9 value=4>", ["a", 4]),
        ("<input name=a type=radio value=dark>", ["a", "dark"]),
        ("<select name=a><option value=x>X</select>", ["a", "x"]),
    ],
)
async def test_choice_has_the_type_of_its_control(chat, control, emitted):
    await chat.evaluate(f"() => {{ document.getElementById('outbox').innerHTML = `{control}` }}")
    await chat.evaluate("chat.emit_choice({target: document.getElementById('outbox').firstChild}, emit)")
    assert await chat.evaluate("emitted[0]") == emitted


async def test_fields_of_all_kinds_are_emitted_in_their_order(chat):
    fields = """<form><input value=Ann><input type=checkbox checked><select><option value=x>X</select>
      <textarea>two\nlines</textarea><input type=checkbox><button value=go></form>"""
    await chat.evaluate(f"() => {{ document.getElementById('outbox').innerHTML = `{fields}` }}")
    await chat.evaluate("chat.emit_fields({target: document.querySelector('#outbox form')}, emit)")
    assert await chat.evaluate("emitted[0].slice(0, -1)") == ["Ann", "on", "x", "two\nlines", ""]


async def test_lost_focus_goes_to_the_message_or_else_to_the_field(chat):
    for message_id, found in (("two", "m-two"), ("gone", "")):
        await chat.evaluate("document.activeElement.blur()")
        await chat.call("refocus", message_id)
        assert await chat.evaluate("document.activeElement.id") == found
    assert await chat.evaluate("document.activeElement.tagName") == "TEXTAREA"


async def test_message_has_its_buttons_once_they_are_here(chat):
    hover = "chat.show_buttons({target: document.getElementById('m-one')}), document.querySelectorAll('.acts').length"
    assert await chat.evaluate(hover) == 0
    await chat.evaluate("outbox.innerHTML = '<template id=acts><div class=acts></div></template>'")
    assert [await chat.evaluate(hover) for _ in range(2)] == [1, 1]


async def test_without_https_there_are_neither_notifications_nor_pushes(chat):
    assert not await chat.evaluate("isSecureContext")
    await chat.evaluate("chat.emit_permission(null, emit), chat.emit_support(null, emit)")
    assert await chat.evaluate("emitted") == [[""], [False]]


ROOMS = """<nav id=rooms><input class=room-filter><ul><li><a href=#1 id=one>Café</a><li><a href=#2 id=two>Tea house</a>
  <li><a href=#3 id=three>Team</a></ul></nav>"""


async def test_rooms_are_filtered_and_reached_by_keys(chat):
    await chat.evaluate(f"() => {{ document.getElementById('outbox').innerHTML = `{ROOMS}` }}")
    press = """(id, key) => { const event = new KeyboardEvent('keydown', {key, cancelable: true, bubbles: true})
      rooms.onkeydown = chat.move_in_rooms; document.querySelector(id).dispatchEvent(event)
      return [document.activeElement.id || document.activeElement.className, event.defaultPrevented] }"""
    filtered = """typed => { document.querySelector('.room-filter').value = typed; chat.filter_rooms(rooms)
      return [...rooms.querySelectorAll('li:not([hidden]) a')].map(link => link.id).join(' ') }"""
    for typed, shown in {"": "one two three", "CAFE": "one", "é": "one two three", " te": "two three", "x": ""}.items():
        assert await chat.evaluate(f"({filtered})('{typed}')") == shown, typed
    await chat.evaluate(f"({filtered})('te')")
    keys = [("#two", "/", "room-filter"), (".room-filter", "ArrowDown", "two"), ("#two", "ArrowDown", "three")]
    keys += [("#three", "ArrowDown", "three"), ("#three", "ArrowUp", "two"), (".room-filter", "Escape", "two")]
    for where, key, reached in keys:
        assert await chat.evaluate(f"({press})('{where}', '{key}')") == [reached, True], (where, key)
    assert await chat.evaluate("document.querySelector('.room-filter').value") == ""
    assert await chat.evaluate(f"({press})('.room-filter', '/')") == ["two", False]
    await chat.evaluate(f"({filtered})('team')")
    await chat.evaluate(f"({press})('.room-filter', 'Enter')")
    assert await chat.evaluate("location.hash") == "#3"


RESULTS = """<input class=searchbox><div id=results data-query=te>
  <a role=option href=#old aria-selected=true>Found before</a><a role=option href=#new>Listed now</a></div>"""


async def test_enter_opens_only_what_was_selected_for_the_query(chat):
    await chat.evaluate(f"() => {{ document.getElementById('outbox').innerHTML = `{RESULTS}` }}")
    await chat.evaluate("document.querySelector('.searchbox').value = 'te'")
    await chat.key("choose_result", "Enter", within=".searchbox")  # what was found before is selected still
    assert await chat.evaluate("location.hash") != "#old"
    await chat.evaluate("results.firstElementChild.setAttribute('aria-selected', 'false')")
    await chat.evaluate("results.prepend(results.lastElementChild)")
    await chat.call("show_places")
    assert await chat.evaluate("location.hash") == "#new"


PICKER = """<div class=picker><input></div>
  <ul id=found data-query=ce><li role=option aria-selected=true data-member=cem>Cem</li></ul>"""


async def test_next_name_is_typed_before_the_server_has_answered(chat):
    await chat.evaluate(f"() => {{ document.getElementById('outbox').innerHTML = `{PICKER}` }}")
    await chat.evaluate("document.querySelector('.picker input').value = 'ce'")
    assert await chat.key("steer", "Enter", within=".picker input") == [["enter", "ce", "cem"], True]
    await chat.evaluate("document.activeElement.value += 'bo'")
    assert await chat.evaluate("document.querySelector('.picker input').value") == "bo"
    await chat.call("give_back", "ce")  # it was refused
    assert await chat.evaluate("document.querySelector('.picker input').value") == "bo"
    await chat.evaluate("document.querySelector('.picker input').value = ''")
    await chat.call("give_back", "ce")
    assert await chat.evaluate("document.querySelector('.picker input').value") == "ce"


# attaching

PASTE = """(why) => { document.body.insertAdjacentHTML('beforeend', '<p id=toast></p>')
  document.getElementById('composer').dataset.off = why
  const clipboardData = new DataTransfer(); clipboardData.items.add(new File(['cup'], 'cup.png'))
  const event = new ClipboardEvent('paste', {clipboardData, cancelable: true}); chat.paste_files(event)
  const line = document.querySelector('#toast span')
  return [line.textContent, line.style.animationDelay, event.defaultPrevented] }"""


@pytest.mark.parametrize(("why", "delay"), [("Not here.", "2s"), ("Not here. " * 10, "7s")])
async def test_pasted_picture_is_refused_where_no_files_can_be_sent(chat, why, delay):
    assert await chat.evaluate(PASTE, why) == [why, delay, True]


# pushing

PUSHED = """() => { window.open = [['lobby', 'm1'], ['tea', 'm2']]; const shown = ([tag, message]) => ({
    tag, close: () => { open.splice(open.findIndex(each => each[0] === tag), 1) },
    data: {onActionClick: {default: {url: `https://chat.example/room/${tag}#m-${message}`}}}})
  const worker = {getRegistration: async () => ({getNotifications: async () => open.map(shown)})}
  Object.defineProperty(navigator, 'serviceWorker', {value: worker, configurable: true}) }"""


@pytest.mark.parametrize(
    ("function", "arguments", "left"),
    [
        ("close_pushed", ["lobby", None], ["tea"]),
        ("close_pushed", ["lobby", ["m1", "m3"]], ["tea"]),
        ("close_pushed", ["lobby", ["m2"]], ["lobby", "tea"]),
        ("close_read", [["lobby", "attic"]], ["lobby"]),
        ("close_read", [[]], []),
    ],
)
async def test_what_pushes_show_closes_once_it_is_read_or_deleted(chat, function, arguments, left):
    await chat.evaluate(PUSHED)
    await chat.call(function, *arguments)
    assert await chat.evaluate("open.map(([tag]) => tag)") == left


TOOLBAR = """([direction, key]) => { document.dir = direction
  const box = document.getElementById('outbox')
  box.innerHTML = '<div role=toolbar><button id=a>A</button><button id=b>B</button><button id=c>C</button></div>'
  box.onkeydown = chat.move_in_toolbar; box.addEventListener('focusin', chat.rove)
  const event = new KeyboardEvent('keydown', {key, cancelable: true, bubbles: true})
  document.getElementById('b').focus(); document.getElementById('b').dispatchEvent(event); document.dir = ''
  const reached = document.activeElement.id
  return [reached, [...box.querySelectorAll('button')].map(button => button.tabIndex).join(' ')] }"""


@pytest.mark.parametrize(
    ("direction", "key", "reached"),
    [
        ("ltr", "ArrowRight", ["c", "-1 -1 0"]),
        ("rtl", "ArrowRight", ["a", "0 -1 -1"]),
        ("rtl", "End", ["c", "-1 -1 0"]),
    ],
)
async def test_arrows_move_in_a_toolbar_which_is_one_stop_of_tab(chat, direction, key, reached):
    assert await chat.evaluate(TOOLBAR, [direction, key]) == reached
