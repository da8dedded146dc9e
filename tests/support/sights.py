"""What people see, read and measured by short scripts that run alike in all engines."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

PATIENCE = 20  # seconds
STILL = 2  # pixels

TEXTS = """(css) => [...document.querySelectorAll(css)].filter((e) => e.checkVisibility())
  .map((e) => e.textContent.trim().replace(/\\s+/g, ' '))"""
NEWEST = """const found = [...document.querySelectorAll('article')]
  .findLast((e) => e.querySelector('.text').textContent.includes(text))"""
SENT_ALL = """() => new Promise((done) => {
  const look = () => document.querySelector('#outbox p') || done(true)
  new MutationObserver(look).observe(document.getElementById('outbox'), {childList: true})
  look()
  setTimeout(() => done(false), 500) })"""
HOLDS_NO_KEYS = "() => !window.held?.asked.length"
VALUE = "() => document.querySelector('#composer textarea').value"
HINT = """() => ((field) => field.scrollWidth > field.clientWidth || field.scrollHeight > field.clientHeight
  ? 'beyond the edge' : field.placeholder)(document.querySelector('#composer textarea:placeholder-shown'))"""
PARTS = f"""(text, css) => {{ {NEWEST}
  return [...(found?.querySelectorAll(css) ?? [])].filter((e) => e.checkVisibility())
    .map((e) => e.textContent.trim().replace(/\\s+/g, ' ')) }}"""
TOP = f"(text) => {{ {NEWEST}\n  return found.getBoundingClientRect().top }}"
IN_VIEW = f"""(text) => {{ {NEWEST}
  const box = found?.getBoundingClientRect(), log = document.querySelector('.log').getBoundingClientRect()
  return !!box && box.top >= log.top - 1 && box.bottom <= log.bottom + 1 }}"""
FOCUSED = """() => { const e = document.activeElement, text = e.querySelector('.text')
  return e === document.body ? 'nothing'
    : (e.matches('article') ? text.textContent : e.ariaLabel || e.textContent || e.tagName).trim() }"""
SHOWN = "(css) => [...document.querySelectorAll(css)].some((e) => e.checkVisibility({opacityProperty: true}))"
SELECTED = """() => { const option = document.querySelector('#completion [aria-selected=true]')
  return option?.id === document.querySelector('#composer textarea').getAttribute('aria-activedescendant')
    && option.querySelector('b').textContent }"""
BROKEN = """() => [...document.querySelectorAll('article .text')].filter((e) => {
  const range = document.createRange()
  range.selectNodeContents(e)
  return new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1
}).map((e) => e.textContent)"""
FOCUS_LOG = "() => (document.querySelector('.log').focus(), true)"
STANDS_STILL = """() => ((log, top) => new Promise((done) => setTimeout(() => done(log.scrollTop === top), 150))
  )(document.querySelector('.log'), document.querySelector('.log').scrollTop)"""
PLACE = "sessionStorage.getItem(`chat.place.${document.getElementById('composer').dataset.room}`)"
PLACE_IS_KEPT = f"""() => ((top, place) => !!place && (([id, offset]) => Math.abs(
  document.getElementById('m-' + id).getBoundingClientRect().top - top - offset) <= 2)(JSON.parse(place))
)(document.querySelector('.log').getBoundingClientRect().top, {PLACE})"""
COUNT_REBUILDS = """() => { const takeUp = chat.resume_page; window.rebuilt = 0
  chat.resume_page = () => { takeUp(); window.rebuilt++ } }"""
MICROPHONE = """() => {
    const context = new AudioContext(), sound = context.createOscillator()
    const target = context.createMediaStreamDestination()
    sound.connect(target)
    sound.start()
    navigator.mediaDevices.getUserMedia = async () => target.stream
}"""
"""A sound for tests that record: these browsers have no microphone."""

HAND_OVER = """(kind, name, type, content) => {
  const data = new DataTransfer()
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0))
  data.items.add(new File([bytes], name, {type}))
  const options = {bubbles: true, cancelable: true, dataTransfer: data}
  const target = kind === "paste" ? document.activeElement : document.querySelector(".log")
  const chooser = document.querySelector('#composer [type=file]')
  if (kind === "choose") chooser.files = data.files, chooser.dispatchEvent(new Event("change", {bubbles: true}))
  else if (kind === "paste") target.dispatchEvent(  // Firefox makes no such event with files
    Object.defineProperty(new ClipboardEvent("paste", options), "clipboardData", {value: data}))
  else for (const name of ["dragover", "drop"]) target.dispatchEvent(new DragEvent(name, options))
}"""
TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"
HEIGHT = "() => document.querySelector('#composer textarea').offsetHeight"


class Sights(ABC):
    """The part of a person that only looks."""

    @abstractmethod
    async def ask(self, script: str, *arguments: object) -> Any:
        """Run a script in the page and return its value."""

    @abstractmethod
    async def keys(self, *keys: str) -> None:
        """Press keys where the focus is."""

    async def eventually(self, expected: object, script: str, *arguments: object) -> None:
        """Wait until a script returns `expected`; fail with the last value. A callable decides about the value."""
        fits = expected if isinstance(expected, Callable) else lambda value: value == expected
        now = asyncio.get_running_loop().time
        deadline = now() + PATIENCE
        seen: object = None
        while now() < deadline:
            try:
                if fits(seen := await self.ask(script, *arguments)):
                    return
            except Exception as error:  # during a reload
                seen = error
            await asyncio.sleep(0.02)
        raise AssertionError(f"expected {expected!r}, saw {seen!r}")

    async def holds_no_keys(self) -> None:
        """Wait until what was asked for is here, such as another room; until then, keys are held for it."""
        await self.eventually(True, HOLDS_NO_KEYS)

    async def has_sent_all(self) -> None:
        """Wait until the server has accepted or refused every text."""
        await self.eventually(True, SENT_ALL)

    async def sees_texts(self, css: str, *texts: str) -> None:
        """Wait until exactly these texts are shown."""
        await self.eventually([*texts], TEXTS, css)

    async def field_has(self, text: str) -> None:
        await self.eventually(text, VALUE)

    async def field_height(self) -> float:
        return await self.ask(HEIGHT)

    async def sees_subject(self, text: str) -> None:
        """Wait for the line above the field while a message is replied to or edited."""
        await self.sees_texts(".about p", text)

    async def sees_quote(self, text: str, quoted: str) -> None:
        await self.eventually([quoted], PARTS, text, ".quote")

    async def sees_reactions(self, text: str, *reactions: str) -> None:
        """Wait until a message has exactly these reactions, each with its count."""
        await self.eventually([*reactions], PARTS, text, ".reactions button")

    async def sees_suggestions(self, *texts: str) -> None:
        await self.sees_texts("#completion [role=option] b", *texts)

    async def sees_selected(self, text: str) -> None:
        """Wait until this suggestion is the selected one, for assistive technology too."""
        await self.eventually(text, SELECTED)

    async def sees_results(self, *texts: str) -> None:
        await self.sees_texts(".results a > span", *texts)

    async def sees_dialog(self, *headings: str) -> None:
        """Wait until the dialog with this heading is open, or none."""
        await self.sees_texts("dialog[open] h2", *headings)

    async def sees_pill(self, text: str) -> None:
        await self.sees_texts(".pill", text)

    async def sees(self, *texts: str) -> None:
        """Wait until exactly these messages are shown, in this order."""
        await self.sees_texts("article .text", *texts)

    async def is_shown(self, css: str, shown: bool = True) -> None:
        await self.eventually(shown, SHOWN, css)

    async def is_offline(self, offline: bool = True) -> None:
        """Wait until the notice of a lost connection is shown, or not with `offline=False`."""
        await self.is_shown(".offline", offline)

    async def notes_rebuilding(self) -> None:
        """Count from now on how often the server has built the page again; a reload ends that."""
        await self.ask(COUNT_REBUILDS)

    async def is_rebuilt(self, times: int = 1) -> None:
        """Wait until the server has built the page again so many times, without a reload."""
        await self.eventually(times, "() => window.rebuilt")

    async def is_at(self, name: str) -> None:
        """Wait until this message or the element with this name has the focus."""
        await self.eventually(name, FOCUSED)

    async def has_in_view(self, text: str) -> None:
        await self.eventually(True, IN_VIEW, text)

    async def top_of(self, text: str) -> float:
        """Return where a message is, once the page has settled."""
        await self.ask(TWO_FRAMES)
        return await self.ask(TOP, text)

    async def stays(self, text: str, top: float) -> None:
        """Check that a message hasn't moved."""
        assert abs(moved := await self.top_of(text) - top) <= STILL, f"{text!r} moved by {moved} px"

    async def returns(self, text: str, top: float) -> None:
        """Wait until a message is where it was before a reload."""
        await self.eventually(lambda now: abs(now - top) <= STILL, TOP, text)

    async def broken_messages(self) -> list[str]:
        """Return the messages that take more than one line."""
        return await self.ask(BROKEN)

    async def stored(self) -> str:
        """Return all that the browser keeps for the chat."""
        return await self.ask("() => JSON.stringify([localStorage, sessionStorage])")

    async def sees_hint(self, text: str) -> None:
        """Wait until the empty field shows this placeholder within its edges."""
        await self.eventually(text, HINT)

    async def direction(self) -> str:
        return await self.ask("() => getComputedStyle(document.documentElement).direction")

    async def has_colour(self, colour: str) -> None:
        """Wait until this is the accent colour of the page."""
        await self.eventually(colour, "() => getComputedStyle(document.documentElement).getPropertyValue('--brand')")

    async def has(self, text: str) -> None:
        """Wait until a message is in the page, wherever that is scrolled to."""
        await self.eventually(True, f"(text) => {{ {NEWEST}\n  return !!found }}", text)

    async def pages_up(self, times: int) -> None:
        """Scroll the messages up by keyboard, and wait until they stand still."""
        await self.ask(FOCUS_LOG)
        for _ in range(times):
            await self.keys("PageUp")
            await self.eventually(True, STANDS_STILL)

    async def has_kept_its_place(self) -> None:
        """Wait until the tab's storage has the present place."""
        await self.eventually(True, PLACE_IS_KEPT)

    async def distance_to_start(self) -> int:
        """Return how far the messages can be scrolled up."""
        return await self.ask(
            "() => (({scrollHeight, clientHeight}) => scrollHeight - clientHeight)(document.querySelector('.log'))"
        )
