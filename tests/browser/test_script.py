"""The compiled script on a page with little else: what it decides, and where PScript differs from Python."""

from itertools import pairwise
from textwrap import dedent

import pytest
import pytest_asyncio

from chat.ui.browser.script import compile_script, script

pytestmark = pytest.mark.asyncio(loop_scope="session")

URL = "http://chat.test/"
PAGE = """
<div class=log tabindex=0><div class=log-inner>
  <article id=m-one tabindex=-1>One</article><article id=m-two>Two</article><article id=m-three>Three</article>
</div></div>
<div id=outbox></div>
<div class=composer><form id=composer data-owner=ann><textarea></textarea></form><ul id=completion></ul></div>
<script>
  window.socket = {connected: true}; window.did_handshake = true; emitted = []
  emit = (...values) => emitted.push(values)
  fresh = () => { emitted = []; localStorage.clear(); sessionStorage.clear(); document.body.replaceChildren(); \
document.body.innerHTML = original }
  original = document.body.innerHTML
</script>
"""


class Script:
    """The functions of the script, by name."""

    def __init__(self, page):
        self._page = page

    async def call(self, name, *arguments):
        return await self._page.evaluate("([name, given]) => chat[name](...given)", [name, [*arguments]])

    async def key(self, name, key, within="#composer textarea", **options):
        """Call a function with a key pressed in an element; return what it emits, and whether it handled the key."""
        return await self._page.evaluate(
            """([name, key, within, options]) => {
              const event = new KeyboardEvent('keydown', {key, cancelable: true, bubbles: true, ...options})
              const target = document.querySelector(within)
              target.addEventListener('keydown', (event) => chat[name](event, emit), {once: true})
              target.dispatchEvent(event)
              return [emitted.flat(), event.defaultPrevented]
            }""",
            [name, key, within, options],
        )

    async def write(self, text, **data):
        """Put a text into the field, with `data-...` attributes of the form; the caret is at its end."""
        await self._page.evaluate(
            """([text, data]) => { const field = document.querySelector('textarea'); field.value = text; field.focus()
              Object.assign(document.getElementById('composer').dataset, data) }""",
            [text, data],
        )

    async def suggest(self, *options, word="", start=0):
        await self._page.evaluate(
            """([options, word, start]) => document.getElementById('completion').innerHTML = options.map(
              (text, i) => `<li id=o${i} role=option aria-selected=${i === 0} data-start=${start} data-word="${word}"
                data-typed="${text}" data-text="${text} ">${text}</li>`).join('')""",
            [options, word, start],
        )

    async def evaluate(self, expression):
        return await self._page.evaluate(expression)

    @property
    async def field(self):
        return await self._page.evaluate("document.querySelector('textarea').value")

    @property
    async def data(self):
        return await self._page.evaluate("({...document.getElementById('composer').dataset})")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def blank(browser):
    context = await browser.new_context()
    page = await context.new_page()
    await page.route(URL, lambda route: route.fulfill(body=PAGE, content_type="text/html"))
    await page.goto(URL)
    await page.add_script_tag(content=script())
    yield page
    await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def chat(blank):
    await blank.evaluate("fresh()")
    return Script(blank)


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
    assert await chat.data == {"owner": "ann", "about": "edit-m1", "kept": "something new"}


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
    assert [text for _, text, _ in await chat.evaluate("emitted")] == ["mine"]


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
    assert await chat.key("press", key, **options) == outcome


async def test_escape_ends_a_reply(chat):
    await chat.write("a", about="reply-m1")
    assert await chat.key("press", "Escape") == [["escape"], True]


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


# asking and acting


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
    await chat.evaluate("chat.take_choice({target: document.getElementById('outbox').firstChild}, emit)")
    assert await chat.evaluate("emitted[0]") == emitted


async def test_fields_come_after_the_pressed_button(chat):
    fields = "<form><input value=Ann><input type=checkbox checked><input type=checkbox><button value=go></form>"
    await chat.evaluate(f"() => {{ document.getElementById('outbox').innerHTML = `{fields}` }}")
    for submitter in ("null", "document.querySelector('#outbox button')"):
        await chat.evaluate(
            f"chat.take_fields({{target: document.querySelector('#outbox form'), submitter: {submitter}}}, emit)"
        )
    assert await chat.evaluate("emitted") == [["Ann", "on", ""], ["go", "Ann", "on", ""]]


async def test_lost_focus_goes_to_the_message_or_else_to_the_field(chat):
    for message_id, found in (("two", "m-two"), ("gone", "")):
        await chat.evaluate("document.activeElement.blur()")
        await chat.call("refocus", message_id)
        assert await chat.evaluate("document.activeElement.id") == found
    assert await chat.evaluate("document.activeElement.tagName") == "TEXTAREA"


# PScript, where it differs from Python. If an upgrade changes one of these, its convention can go.

TRAPS = {
    "a list of nodes is iterated by index: use `every`": (
        """
        def trap():
            return [node for node in document.querySelectorAll("article")]
        """,
        ["0", "1", "2"],
    ),
    "`or` gives true for an object: use `a if a else b`": (
        """
        def trap():
            return document.body or None
        """,
        True,
    ),
    "a form without controls counts as nothing: test what `querySelector` returns, never a form": (
        """
        def trap():
            found = document.createElement("form")
            return "a form" if found else "nothing"
        """,
        "nothing",
    ),
    "what is missing is not None: use `hasattr` and `getattr`": (
        """
        def trap():
            return document.body.dataset.missing is None
        """,
        False,
    ),
    "keyword arguments don't arrive: options are dicts": (
        """
        def trap():
            return option(name="given") == "given"

        def option(name):
            return name
        """,
        False,
    ),
    "a capital name that is called is a class": (
        """
        def trap():
            return Make() == 1

        def Make():
            return 1
        """,
        False,
    ),
    "a negative index gives nothing: use `len`": (
        """
        def trap():
            values = [1, 2]
            at = -1
            return str(values[at])
        """,
        "undefined",
    ),
    "numbers are sorted as texts": (
        """
        def trap():
            return sorted([10, 9, 1])
        """,
        [1, 10, 9],
    ),
}


@pytest.mark.parametrize(("source", "outcome"), TRAPS.values(), ids=TRAPS)
async def test_trap(chat, source, outcome):
    compiled = compile_script([dedent(source)]).replace("root.chat", "root.trapped", 1)
    assert await chat.evaluate(f"() => {{ {compiled}; return trapped.trap() }}") == outcome
