"""The content of a simulated page, read from the elements and live regions that a browser would be sent."""

import asyncio
import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import httpx
from nicegui import Client, background_tasks, core, ui
from nicegui.functions.navigate import Navigate
from nicegui.testing import User
from nicegui.testing.user_interaction import UserInteraction

from chat.framework.elements import HtmlElement
from chat.framework.live_region import LiveRegion, LiveSlot
from tests.support import room_nodes as room
from tests.support.raw_page import SETTLED
from tests.support.room_nodes import Nodes, plain

NOTIFIED = re.compile(r'chat\.notify\(("[^"]*")')
ICON = re.compile(r'chat\.notify\(.*"icon": ("[^"]*")')
TOLD = re.compile(r'chat\.say\(("[^"]*")')
BADGE = re.compile(r"chat\.show_badge\((\d+)\)")
CLOSED = re.compile(r"chat\.close_pushed\((.*)\)")
RELEASED = re.compile(r"chat\.release\((\d+)")
BUTTON = re.compile(r"<button ([^>]*)>(.*?)</button>", re.DOTALL)


class SimulatedUser(User):
    """A user with their own session, whose page follows navigation as a browser does.

    `settled` has the ids of the messages that the server has accepted or refused, `notified` the titles of system
    notifications, `icons` their pictures, `told` the texts that were shown for a moment, `badges` the numbers on the
    app's icon, `closed` the rooms whose pushes were closed, with the ids of messages or None for all, and `released`
    the numbers of what the page asked.
    """

    def __init__(self) -> None:
        transport = httpx.ASGITransport(core.app)
        super().__init__(httpx.AsyncClient(transport=transport, base_url="http://test"))
        self.ignores_navigation = False
        self.settled: set[str] = set()
        self.notified: list[str] = []
        self.icons: list[str] = []
        self.told: list[str] = []
        self.badges: list[int] = []
        self.closed: list[list[Any]] = []
        self.released: set[int] = set()
        self.javascript_rules[re.compile(r"chat\.forget_member\(")] = lambda _: None  # its end is awaited
        self.javascript_rules[re.compile(r'chat\.jump\("\w*",false\)')] = lambda _: True  # all messages are in sight
        self.javascript_rules[re.compile(r"chat\.written_in\(")] = lambda _: ""  # nothing was being written
        ui.navigate = Navigate()

    def __getattribute__(self, name: str) -> Any:
        # NiceGUI's override would make this user follow any page's navigation.
        return object.__getattribute__(self, name)

    async def open(self, path: str, *, clear_forward_history: bool = True) -> Client:
        """Disconnect from the current page and open another."""
        if self.client:
            for socket in [*self.client._socket_to_document_id]:
                self.client.handle_disconnect(socket)
        return await super().open(path, clear_forward_history=clear_forward_history)

    def _patch_outbox_emit_function(self) -> None:
        super()._patch_outbox_emit_function()
        outbox = self._client.outbox
        emit = outbox._emit

        async def observe(message: Any) -> None:
            await emit(message)
            _, kind, data = message
            if kind == "open" and not self.ignores_navigation:
                background_tasks.create(self.open(data["path"]), name=f"open {data['path']}")
            if kind == "run_javascript":
                self.settled |= set(SETTLED.findall(data["code"]))
                self.notified += map(json.loads, NOTIFIED.findall(data["code"]))
                self.icons += map(json.loads, ICON.findall(data["code"]))
                self.told += map(json.loads, TOLD.findall(data["code"]))
                self.badges += map(int, BADGE.findall(data["code"]))
                self.closed += (json.loads(f"[{arguments}]") for arguments in CLOSED.findall(data["code"]))
                self.released |= set(map(int, RELEASED.findall(data["code"])))

        outbox._emit = observe  # type: ignore[method-assign]


class ScenePage:
    """One simulated page."""

    def __init__(self, user: SimulatedUser) -> None:
        self.user = user

    # Content.

    async def reads(self, text: str) -> None:
        """Wait until a text is anywhere on the page."""
        await self.user.should_see(text, retries=100)

    async def reads_no(self, text: str) -> None:
        """Wait until a text is nowhere on the page."""
        await self.user.should_not_see(text, retries=100)

    async def sees(self, *texts: str) -> None:
        """Wait until exactly these messages are shown, in this order."""
        await until(lambda: self.messages == list(texts), lambda: f"{self.messages} instead of {list(texts)}")

    async def shows(self, text: str) -> None:
        """Wait until a message that contains `text` is shown."""
        await until(lambda: any(text in shown for shown in self.messages), lambda: f"{self.messages} without {text!r}")

    async def sees_line(self, text: str) -> None:
        """Wait until a notice between the messages contains `text`."""
        await until(lambda: any(text in line for line in self.notices), lambda: f"{self.notices} without {text!r}")

    async def sees_people(self, *names: str) -> None:
        """Wait until the roster lists exactly these names, in this order, and the count matches."""
        await until(lambda: self.people == list(names) and self.online == f"{len(names)} online")

    async def sees_typing(self, text: str) -> None:
        """Wait until the typing line reads exactly `text`."""
        await until(lambda: self.typing == text, lambda: f"{self.typing!r} instead of {text!r}")

    async def is_refused(self, because: str) -> None:
        """Wait until the reason for a refusal contains `because`."""
        await until(lambda: because in self.reason, lambda: f"{self.reason!r} without {because!r}")

    async def is_not_refused(self) -> None:
        """Wait until no reason for a refusal is shown."""
        await until(lambda: not self.reason, lambda: f"{self.reason!r} is still there")

    @property
    def messages(self) -> list[str]:
        """Texts of all messages."""
        return [*map(room.text_of, room.articles(self._nodes("log")))]

    @property
    def message_ids(self) -> list[str]:
        return [*map(room.id_of, room.articles(self._nodes("log")))]

    @property
    def notices(self) -> list[str]:
        """Texts of the notices between the messages."""
        return room.notices(self._nodes("log"))

    @property
    def everybody_in_notices(self) -> list[str]:
        """The opened lists of who joined and left."""
        rows = re.findall(r"<li>(.*?) · <relative-time", self._html_of("log"))
        return [*map(plain, rows)]

    @property
    def shows_joins(self) -> bool:
        """Whether the page's style sheet shows who joined and left."""
        is_large = "large" in self._nodes("log")["log"]["props"]["class"].split()
        hides = [rule for rule in re.split("[,}]", self.style) if ".presence" in rule]
        return not any(is_large or ".large" not in rule for rule in hides)

    @property
    def offers_notifications(self) -> bool:
        bars = [tag for tag in self._tags() if tag.props.get("class") == "offer" and not tag.props.get("hidden")]
        return bool(bars) and ".offer" not in self.style

    @property
    def has_offer(self) -> bool:
        """Whether notifications may be offered, once the browser reports that it hasn't been asked."""
        return any(tag.props.get("class") == "offer" for tag in self._tags())

    @property
    def people(self) -> list[str]:
        """Names in the roster."""
        return [*room.rows(self._nodes("people"))]

    @property
    def is_in_the_roster(self) -> bool:
        """Whether the roster lists the member this page belongs to."""
        me = re.findall(r'\[data-member="(\w+)"\] \.you', self.style)
        return bool(me) and f"p-{me[0]}" in self._nodes("people")

    def row(self, name: str) -> str:
        """Return the text of this person's row in the roster."""
        return plain(room.rows(self._nodes("people"))[name])

    def row_html(self, name: str) -> str:
        return room.rows(self._nodes("people"))[name]

    def message(self, text: str) -> str:
        """Return the HTML of the newest message that contains `text`."""
        return self._article(text)["props"]["innerHTML"]

    def begins_run(self, text: str) -> bool:
        """Return whether the newest message that contains `text` is the first of its run, which shows the author."""
        return "first" in self._article(text)["props"].get("class", "").split()

    def author_id(self, text: str) -> str:
        """Return the author id of the newest message that contains `text`."""
        return self._article(text)["props"]["data-author"]

    def message_id(self, text: str) -> str:
        """Return the id of the newest message that contains `text`."""
        return room.id_of(self._article(text))

    def reactions(self, text: str) -> dict[str, str]:
        """Map the reactions to a message, with their counts, to the names in their tooltips."""
        buttons = BUTTON.findall(self.message(text).partition("<div class=reactions>")[2])
        return {plain(shown): attribute(attributes, "title") for attributes, shown in buttons}

    def mentions_me(self, text: str) -> bool:
        """Return whether the message is highlighted as mentioning this person."""
        [own_selector] = re.findall(r"(:is\(\[data-mention=[^)]*\))\{--mention:var\(--mention-me\)", self.style)
        members = re.findall(r'data-mention="?(\w+)', self.message(text))
        return any(member in re.findall(r'data-mention="?(\w+)', own_selector) for member in members)

    @property
    def room_id(self) -> str:
        """The id of the room that the page shows."""
        [form] = (tag for tag in self._tags() if tag.props.get("id") == "composer")
        return str(form.props["data-room"])

    @property
    def log(self) -> str:
        return self._region("log").text("log")

    @property
    def online(self) -> str:
        return self._region("online").text("online")

    @property
    def topic(self) -> str:
        shown = [text for attributes, text in BUTTON.findall(self.header_html) if "class=topic" in attributes]
        return plain("".join(shown))

    @property
    def header_html(self) -> str:
        return self._html_of("brand") + self._html_of("bar")

    @property
    def mode(self) -> str:
        """The line that says how writing is restricted."""
        return self._region("mode").text("mode")

    @property
    def typing(self) -> str:
        """The typing line as this page's style sheet displays it: the viewer's own version, if present."""
        own = self.style.split('[data-viewer="')[1].split('"')[0]
        return room.typing(self._nodes("typing"), own)

    @property
    def unread_line(self) -> str:
        """The text of the message marked "New messages", or empty."""
        [first_id] = (tag.props["data-unread"] for tag in self._tags() if tag.props.get("class") == "log")
        texts = dict(zip(self.message_ids, self.messages, strict=True))
        return texts[first_id] if first_id else ""

    @property
    def title(self) -> str:
        """The tab title."""
        return str(self.user.client and (self.user.client.title or self.user.client.page.title))

    @property
    def style(self) -> str:
        return "".join(tag.props.get("textContent", "") for tag in self._tags() if tag.tag == "style")

    @property
    def unread_rooms(self) -> dict[str, str]:
        """What this page's style sheet says behind the names of unread rooms, by their ids."""
        [bold] = re.findall(r":is\(([^)]*)\)\{font-weight:700", self.style) or [""]
        numbers = dict(re.findall(r'\[data-room="(\w+)"\]\{--unread:", ([^"]*)"', self.style))
        return {room_id: numbers.get(room_id, "unread") for room_id in re.findall(r'data-room="(\w+)"', bold)}

    @property
    def unread_elsewhere(self) -> str:
        """What the button of the drawer says of all other rooms."""
        return "".join(re.findall(r'\.icon-users\{--unread:", ([^"]*)"', self.style))

    @property
    def unread_mentions(self) -> str:
        """The number on the menu's item for mentions."""
        return "".join(re.findall(r'\[command="--mentions"\]\{[^}]*--count:"([^"]*)"', self.style))

    @property
    def mentions(self) -> list[str]:
        """The texts of the list of mentions, each with its author, room and whether it is unread."""
        rows = re.findall(r"<li>(.*?)</li>", "".join(self._inner("class", "results mentions")), re.DOTALL)
        return [plain(re.sub("</b>", ": ", row).replace("<span", " <span")) for row in rows]

    @property
    def open_reports(self) -> str:
        """The number on the menu's button, if this page's style sheet has one."""
        shown = re.findall(r'\.icon-menu::after,[^{]*{content:"([^"]*)" / "[^"]*"}', self.style)
        return "".join(shown)

    @property
    def away(self) -> list[str]:
        """Names of those who are away."""
        return re.findall("<bdi>(.*?)</bdi>", unescape(self._html_of("away")))

    @property
    def card(self) -> str:
        """The text of a person's card."""
        return plain("".join(self._inner("id", "person")))

    @property
    def suggested_name(self) -> str:
        """The name that the welcome card offers."""
        return next(str(tag.props["defaultValue"]) for tag in self._tags() if tag.props.get("name") == "name")

    @property
    def answer(self) -> str:
        """The response to a command, visible only to this person."""
        return "".join(unescape(re.sub("<[^>]*>", "", html)) for html in self._inner("class", "answer"))

    @property
    def about(self) -> str:
        """The line that says which message is being replied to or edited."""
        return plain("".join(self._inner("class", "about")))

    def section(self, heading: str) -> str:
        """Return the text of a section of the moderation page."""
        return plain(self.section_html(heading))

    def buttons_in(self, heading: str) -> list[str]:
        """Return the button labels in a section of the moderation page."""
        return [name for _, name in BUTTON.findall(self.section_html(heading))]

    async def reads_section(self, heading: str, text: str) -> None:
        """Wait until a section of the moderation page contains `text`."""
        await until(lambda: text in self.section(heading), lambda: f"{self.section(heading)} without {text!r}")

    @property
    def is_dialog_open(self) -> bool:
        return any(tag.tag == "dialog" for tag in self._tags())

    @property
    def shown_buttons(self) -> list[str]:
        """Labels of the buttons that are not hidden."""
        buttons = (tag.props for tag in self._tags() if tag.tag == "button" and not tag.props.get("hidden"))
        return [text for button in buttons if (text := button.get("textContent"))]

    @property
    def is_search_open(self) -> bool:
        return any(tag.props.get("role") == "combobox" for tag in self._tags())

    @property
    def places(self) -> list[str]:
        """The rooms and people that the quick switcher lists."""
        return [plain(name) for name in re.findall("<bdi>(.*?)</bdi>", "".join(self._inner("class", "live places")))]

    @property
    def results(self) -> list[str]:
        """Search results as HTML."""
        return re.findall(r"<span dir=auto>(.*?)</span>", "".join(self._inner("class", "live hits")), re.DOTALL)

    @property
    def reason(self) -> str:
        """The reason for a refusal, wherever it is shown on the page."""
        return "".join(tag.props.get("textContent", "") for tag in self._tags() if tag.props.get("class") == "reason")

    @property
    def is_field_closed(self) -> bool:
        """Whether nothing can be written now."""
        return any(tag.tag == "fieldset" and tag.props.get("disabled") for tag in self._tags())

    @property
    def sections(self) -> str:
        """The moderation page as HTML."""
        return "".join(self._inner("class", "sections"))

    def html(self) -> list[str]:
        """Return all raw HTML that the page is given."""
        live = (node for root in ("log", "bar") for node in self._nodes(root).values())
        nodes = [*live, *({"props": tag.props} for tag in self._tags())]
        return [node.get("props", {}).get("innerHTML", "") for node in nodes if node]

    async def download(self, path: str, language: str = "en") -> httpx.Response:
        return await self.user.http_client.get(path, headers={"Accept-Language": language})

    # Lookup.

    def _tags(self) -> list[HtmlElement]:
        assert self.user.client
        return [element for element in self.user.client.elements.values() if isinstance(element, HtmlElement)]

    def _inner(self, attribute: str, value: str) -> list[str]:
        return [tag.props.get("innerHTML", "") for tag in self._tags() if tag.props.get(attribute) == value]

    def _is_clickable(self, name: str) -> bool:
        return any(tag.props.get("textContent") == name and tag.props.get("type") == "button" for tag in self._tags())

    def _the(self, predicate: Callable[[HtmlElement], bool]) -> UserInteraction[ui.element]:
        [found] = filter(predicate, self._tags())
        return self._interact(found)

    def _interact(self, element: HtmlElement) -> UserInteraction[ui.element]:
        return UserInteraction(self.user, {element}, None)

    def _region(self, node: str) -> LiveRegion:
        assert self.user.client
        slots = [element for element in self.user.client.elements.values() if isinstance(element, LiveSlot)]
        return next((slot._region for slot in slots if node in slot._region.snapshot()), LiveRegion("none"))

    def _nodes(self, root: str) -> Nodes:
        """Return the nodes of the live region that contains `root`."""
        return self._region(root).snapshot()

    def _html_of(self, root: str) -> str:
        return room.html(self._nodes(root), root)

    def _article(self, text: str) -> dict[str, Any]:
        return room.article(self._nodes("log"), text)

    def section_html(self, heading: str) -> str:
        parts = self.sections.split("<section>")
        return next((part for part in parts if part.startswith(f"<h2>{heading}</h2>")), "")


def attribute(attributes: str, name: str) -> str:
    """Return the value of an attribute in a start tag, or an empty string."""
    found = re.search(rf'\b{name}=(?:"([^"]*)"|([^ >]*))', attributes)
    return unescape(found[1] or found[2] or "") if found else ""


async def until(condition: Callable[[], bool], problem: Callable[[], str] = lambda: "it did not become true") -> None:
    """Wait up to 20 seconds for a condition; fail with `problem()`."""
    for _ in range(2000):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError(problem())
