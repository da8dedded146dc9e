"""Hostile messages in a real browser: nothing runs, nothing is loaded from elsewhere, and the page stays intact."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.async_api import expect

from chat.text.markup import formulas
from tests.support.hostile_texts import HOSTILE
from tests.support.server import Server
from tests.support.stored_history import write_history

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
SIZES = pytest.mark.parametrize("size", [{}, PHONE], ids=["desktop", "phone"])

ALLOWED = {
    "BUTTON": ["aria-label", "class", "command", "commandfor", "title", "type", "value"],
    "A": ["href", "target", "rel"],
    "DIV": ["class", "tabindex"],
    "LI": ["class", "value"],
    "SPAN": ["aria-label", "class", "data-mention", "role", "tabindex"],
    "TD": ["class"],
    "TH": ["class"],
    **{tag: [] for tag in ("BDI", "BLOCKQUOTE", "CODE", "EM", "OL", "P", "PRE", "S", "STRONG", "UL")},
    **{tag: [] for tag in ("TABLE", "TBODY", "THEAD", "TR")},
    **{tag: sorted(formulas.ATTRIBUTES) for tag in formulas.TAGS},
}
STRANGE = """allowed => [...document.querySelectorAll('.log article .text *')].flatMap(element => [
  ...(element.tagName in allowed ? [] : [element.tagName]),
  ...element.getAttributeNames().filter(name => !allowed[element.tagName]?.includes(name))
    .map(name => `${element.tagName} ${name}`),
])"""
LINKS = "() => [...document.querySelectorAll('.log article .text a')].map(link => [link.protocol, link.username])"
OVERFLOWING = """() => {
  const log = document.querySelector('.log').getBoundingClientRect()
  return [...document.querySelectorAll('.log article, .log article .text, .log article .text *')].filter(element => {
    const box = element.getBoundingClientRect()
    const scrolls = element.parentElement.closest('.table, .formula')
    return !scrolls && (box.left < log.left - 0.5 || box.right > log.right + 0.5)
  }).map(element => element.outerHTML.slice(0, 80))
}"""


@pytest.fixture
def hostile_server(make_server: Callable[..., Server], tmp_path: Path) -> Server:
    """Start a server with all hostile texts in its history."""
    write_history(tmp_path / "hostile" / "chat_log.json", HOSTILE)
    return make_server(tmp_path / "hostile", CHAT_GRACE="1")


async def visit(enter, server: Server, **options):
    """Return Ann on the hostile page, and the dialogs and external requests of that page."""
    ann = await enter(url=server.url, **options)
    done: list[str] = []
    ann.page.on("dialog", lambda dialog: done.append(f"dialog: {dialog.message}"))
    ann.page.context.on("request", lambda request: done.append(request.url))
    ann.page.context.on("page", lambda page: done.append(f"page: {page.url}"))
    await ann.join("Ann")
    await expect(ann.messages).to_have_count(len(HOSTILE))
    return ann, done


async def test_hostile_messages_run_nothing(enter, hostile_server):
    ann, done = await visit(enter, hostile_server)
    for number in range(0, len(HOSTILE), 5):
        await ann.messages.nth(number).hover()
    await ann.reload()
    await expect(ann.messages).to_have_count(len(HOSTILE))
    await ann.say("Nothing ran")  # by now, anything that could would have
    assert await ann.page.evaluate("() => window.pwned") is None
    assert [url for url in done if not url.startswith((hostile_server.url, "data:font/", "data:image/svg"))] == []
    await expect(ann.page).to_have_title("TCPChatNet")


@pytest.mark.exhaustive
async def test_hostile_messages_inject_no_elements_and_attributes(enter, hostile_server):
    ann, _ = await visit(enter, hostile_server)
    assert await ann.page.locator(".log article .text *").count() > 300
    assert await ann.page.evaluate(STRANGE, ALLOWED) == []
    links = await ann.page.evaluate(LINKS)
    assert len(links) > 50
    assert {protocol for protocol, _ in links} == {"http:", "https:", "mailto:"}
    assert {user for protocol, user in links if protocol != "mailto:"} == {""}


@pytest.mark.exhaustive
async def test_page_stays_intact_around_hostile_messages(enter, hostile_server):
    ann, _ = await visit(enter, hostile_server)
    await expect(ann.page.locator("article")).to_have_count(len(HOSTILE))
    await expect(ann.page.locator(".log article .text")).to_have_count(len(HOSTILE))
    await expect(ann.page.locator("article article, .text .text, .text form, .text textarea")).to_have_count(0)
    await expect(ann.page.locator("h1, textarea, .composer, .roster, .log, #menu")).to_have_count(6)
    for locator in ann.field, ann.send_button, ann.menu_button, ann.row("Ann"):
        await expect(locator).to_be_in_viewport(ratio=1)
    await ann.say("Still here?")
    await expect(ann.messages.last.locator(".text")).to_have_text("Still here?")


@pytest.mark.exhaustive
@SIZES
async def test_hostile_messages_do_not_overflow(enter, hostile_server, size):
    ann, _ = await visit(enter, hostile_server, **size)
    assert await ann.page.evaluate(OVERFLOWING) == []
    log = await ann.log.evaluate("log => [log.scrollWidth, log.clientWidth]")
    assert log[0] == log[1]
