"""The part of the DOM that the modules beside this one use, for mypy; MDN describes it.

What PScript would misunderstand is left out: a `NodeList` can only be iterated through `every`.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, SupportsIndex

Emit = Callable[..., None]
"""Pass the arguments to the handler in Python."""

class Text(str):
    def __getitem__(self, key: SupportsIndex | slice) -> Text: ...
    def padStart(self, length: int, fill: str) -> Text: ...
    def trim(self) -> Text: ...

class Number(int):
    def toString(self, radix: int) -> Text: ...

class Data:
    """A `dataset`; read what may be missing with `hasattr` and `getattr`."""

    about: str
    acting: str
    author: str
    copied: Text
    done: Text
    failed: Text
    focused: str
    kept: str
    kind: str
    message: str
    moves: str
    owner: str
    returned: str
    script: str
    start: str
    text: str
    typed: str
    unfolded: str
    word: str

class Style:
    height: str
    overflowAnchor: str

class Box:
    bottom: float
    height: float
    left: float
    right: float
    top: float
    width: float

class NodeList: ...

class Element:
    checked: bool
    className: str
    clientHeight: float
    content: Element
    dataset: Data
    form: Element
    href: str
    id: str
    isConnected: bool
    name: str
    parentElement: Element
    readOnly: bool
    scrollHeight: float
    scrollTop: float
    selectionStart: int
    shadowRoot: Element
    style: Style
    tabIndex: int
    textContent: Text
    type: str
    valueAsNumber: float
    @property
    def value(self) -> Text: ...
    @value.setter
    def value(self, text: str) -> None: ...
    def addEventListener(self, kind: str, listener: Callable[[Any], None], capture: bool = ...) -> None: ...
    def animate(self, keyframes: Sequence[dict[str, str]], options: dict[str, int]) -> None: ...
    def append(self, child: Element) -> None: ...
    def checkVisibility(self) -> bool: ...
    def click(self) -> None: ...
    def cloneNode(self, deep: bool) -> Element: ...
    def close(self) -> None: ...
    def closest(self, selector: str) -> Element | None: ...
    def contains(self, other: Element) -> bool: ...
    def dispatchEvent(self, event: Event) -> None: ...
    def focus(self, options: dict[str, bool] = ...) -> None: ...
    def getAttribute(self, name: str) -> str | None: ...
    def getBoundingClientRect(self) -> Box: ...
    def hidePopover(self) -> None: ...
    def hasAttribute(self, name: str) -> bool: ...
    def insertAdjacentHTML(self, where: str, html: str) -> None: ...
    def matches(self, selector: str) -> bool: ...
    def querySelector(self, selector: str) -> Element | None: ...
    def querySelectorAll(self, selector: str) -> NodeList: ...
    def remove(self) -> None: ...
    def removeAttribute(self, name: str) -> None: ...
    def replaceChildren(self, *children: Element) -> None: ...
    def requestSubmit(self) -> None: ...
    def scrollIntoView(self, options: dict[str, str]) -> None: ...
    def select(self) -> None: ...
    def setAttribute(self, name: str, value: str) -> None: ...
    def setRangeText(self, text: str, start: int, end: int, mode: str) -> None: ...
    def setSelectionRange(self, start: int, end: int) -> None: ...
    def showModal(self) -> None: ...
    def showPicker(self) -> None: ...
    def showPopover(self) -> None: ...

class Document(Element):
    activeElement: Element
    body: Element
    dir: str
    documentElement: Element
    head: Element
    hidden: bool
    def createElement(self, tag: str) -> Element: ...
    def execCommand(self, command: str) -> bool: ...
    def getElementById(self, name: str) -> Element | None: ...

class Event:
    command: str
    ctrlKey: bool
    currentTarget: Element
    defaultPrevented: bool
    metaKey: bool
    newState: str
    shiftKey: bool
    source: Element | None
    submitter: Element | None
    target: Element
    type: str
    def __init__(self, kind: str, options: dict[str, bool] = ...) -> None: ...
    def preventDefault(self) -> None: ...
    def stopPropagation(self) -> None: ...

class KeyboardEvent(Event):
    altKey: bool
    code: str
    isComposing: bool
    key: str
    keyCode: int
    def getModifierState(self, key: str) -> bool: ...

class PointerEvent(Event):
    clientX: float
    clientY: float
    pointerType: str

class StorageEvent(Event):
    key: str
    newValue: str | None
    oldValue: str | None

class Storage:
    def getItem(self, name: str) -> str | None: ...
    def removeItem(self, name: str) -> None: ...
    def setItem(self, name: str, value: str) -> None: ...

class JSON:
    @staticmethod
    def parse(text: str | None) -> Any: ...
    @staticmethod
    def stringify(value: object) -> str: ...

class Date:
    @staticmethod
    def now() -> Number: ...

class Object:
    @staticmethod
    def assign(target: object, values: dict[str, str]) -> None: ...
    @staticmethod
    def keys(of: object) -> list[str]: ...
    @staticmethod
    def values(of: NodeList) -> list[Element]: ...

class RegExp:
    def __init__(self, pattern: str) -> None: ...
    def test(self, text: str) -> bool: ...

class Promise(Awaitable[object]):
    def __init__(self, start: Callable[[Callable[[], object]], object]) -> None: ...
    def __await__(self) -> Any: ...

class Notification:
    onclick: Callable[[Event], None]
    permission: str
    def __init__(self, title: str, options: dict[str, Any]) -> None: ...
    @staticmethod
    def requestPermission() -> Awaitable[str]: ...

class ResizeObserver:
    def __init__(self, on_resize: Callable[[], object]) -> None: ...
    def observe(self, element: Element) -> None: ...

class TextEncoder:
    def encode(self, text: str) -> bytes: ...

class TextDecoder:
    def __init__(self, encoding: str, options: dict[str, bool]) -> None: ...
    def decode(self, data: bytes) -> Text: ...

class Uint32Array(list[Number]):
    def __init__(self, length: int) -> None: ...

class Crypto:
    def getRandomValues(self, array: Uint32Array) -> Uint32Array: ...

class CSS:
    @staticmethod
    def escape(text: str) -> str: ...
    @staticmethod
    def supports(name: str, value: str) -> bool: ...

class Media:
    matches: bool

class Socket:
    connected: bool

class Entry:
    type: str

class Performance:
    def getEntriesByType(self, kind: str) -> list[Entry]: ...

class CustomElements:
    def whenDefined(self, name: str) -> Awaitable[object]: ...

class Clipboard:
    def writeText(self, text: str) -> Awaitable[None]: ...

class Navigator:
    clipboard: Clipboard | None

class History:
    def replaceState(self, state: None, title: str, address: str) -> None: ...

class Location:
    href: str
    origin: str
    pathname: str

class Parameters:
    def get(self, name: str) -> str | None: ...

class URL:
    origin: str
    pathname: str
    searchParams: Parameters
    def __init__(self, address: str) -> None: ...

class Window:
    Notification: Notification | None
    did_handshake: bool
    innerHeight: float
    innerWidth: float
    location: Location
    navigator: Navigator
    socket: Socket
    def focus(self) -> None: ...

crypto: Crypto
customElements: CustomElements
document: Document
history: History
localStorage: Storage
location: Location
performance: Performance
sessionStorage: Storage
window: Window

def addEventListener(kind: str, listener: Callable[[Any], None]) -> None: ...
def clearTimeout(timer: int) -> None: ...
def matchMedia(query: str) -> Media: ...
def requestAnimationFrame(call: Callable[[], object]) -> None: ...
def setTimeout(call: Callable[[], object], milliseconds: int) -> int: ...
