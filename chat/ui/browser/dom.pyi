"""The part of the DOM that the modules beside this one use, for mypy; MDN describes it.

What PScript would misunderstand is left out: a `NodeList` can only be iterated through `every`.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, SupportsIndex

Emit = Callable[..., None]
"""Pass the arguments to the handler in Python."""

class Text(str):
    def __getitem__(self, key: SupportsIndex | slice) -> Text: ...
    def normalize(self, form: str) -> Text: ...
    def padStart(self, length: int, fill: str) -> Text: ...
    def trim(self) -> Text: ...

class Number(int):
    def toString(self, radix: int) -> Text: ...

class Data:
    """A `dataset`; read what may be missing with `hasattr` and `getattr`."""

    about: str
    acting: str
    asked: str
    author: str
    cookies: str
    copied: str
    cut: str
    done: str
    dropping: str
    entered: str
    failed: str
    focused: str
    held: str
    host: str
    hosts: str
    kept: str
    key: str
    keys: str
    kind: str
    large: str
    limit: str
    many: str
    member: str
    mention: str
    message: str
    most: str
    moves: str
    new: str
    name: str
    off: str
    original: str
    owner: str
    path: str
    picture: str
    pressed: str
    query: str
    selected: str
    returned: str
    refused: str
    room: str
    time: str
    scrolled: str
    script: str
    sending: str
    shown: str
    size: str
    start: str
    state: str
    step: str
    switched: str
    text: str
    typed: str
    unfolded: str
    unread: str
    read: str
    unsaved: str
    unsent: str
    upload: str
    word: str

ListenerOptions = dict[str, object]

class AbortSignal:
    def addEventListener(self, kind: str, listener: Callable[[Event], None]) -> None: ...

class AbortController:
    signal: AbortSignal
    def abort(self) -> None: ...

class Style:
    animationDelay: str
    backgroundImage: str
    bottom: str
    height: str
    left: str
    overflowAnchor: str
    right: str
    def setProperty(self, name: str, value: str) -> None: ...

class Box:
    bottom: float
    height: float
    left: float
    right: float
    top: float
    width: float

class NodeList:
    length: int
    def __getitem__(self, index: int) -> Element: ...

class Element:
    alt: str
    autofocus: bool
    checked: bool
    className: str
    clientWidth: float
    content: Element
    dataset: Data
    day: int  # set by `divide`
    firstElementChild: Element
    defaultValue: str
    disabled: bool
    file: File  # of a line of `attachments`
    files: Files
    form: Element
    hidden: bool
    href: str
    id: str
    isConnected: bool
    lang: str
    lastElementChild: Element
    name: str
    naturalHeight: float
    naturalWidth: float
    onerror: Callable[[Event], None]
    onload: Callable[[Event], None]
    onpointerdown: Callable[[PointerEvent], None]
    onpointermove: Callable[[PointerEvent], None]
    placeholder: str
    outerHTML: str
    parentElement: Element
    readOnly: bool
    request: XMLHttpRequest  # of a line of `attachments`
    scrollHeight: float
    scrollTop: float
    selectionEnd: int
    selectionStart: int
    shadowRoot: Element
    src: str
    style: Style
    tabIndex: int
    @property
    def textContent(self) -> Text: ...
    @textContent.setter
    def textContent(self, text: str) -> None: ...
    type: str
    valueAsNumber: float
    was_head: bool  # set by `divide`
    @property
    def value(self) -> Text: ...
    @value.setter
    def value(self, text: str) -> None: ...
    def addEventListener(
        self, kind: str, listener: Callable[[Any], object], options: bool | ListenerOptions = ...
    ) -> None: ...
    def blur(self) -> None: ...
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
    def hasAttribute(self, name: str) -> bool: ...
    def hasPointerCapture(self, pointer: int) -> bool: ...
    def hidePopover(self) -> None: ...
    def insertAdjacentHTML(self, where: str, html: str) -> None: ...
    def matches(self, selector: str) -> bool: ...
    def prepend(self, child: Element) -> None: ...
    def querySelector(self, selector: str) -> Element | None: ...
    def querySelectorAll(self, selector: str) -> NodeList: ...
    def remove(self) -> None: ...
    def removeAttribute(self, name: str) -> None: ...
    def replaceChildren(self, *children: Element) -> None: ...
    def requestSubmit(self) -> None: ...
    def scrollIntoView(self, options: dict[str, str]) -> None: ...
    def select(self) -> None: ...
    def setAttribute(self, name: str, value: str) -> None: ...
    def setPointerCapture(self, pointer: int) -> None: ...
    def setRangeText(self, text: str, start: int, end: int, mode: str) -> None: ...
    def setSelectionRange(self, start: int, end: int) -> None: ...
    def showModal(self) -> None: ...
    def showPicker(self) -> None: ...
    def showPopover(self) -> None: ...

class Document(Element):
    activeElement: Element
    baseURI: str
    body: Element
    dir: str
    documentElement: Element
    head: Element
    hidden: bool
    def createElement(self, tag: str) -> Element: ...
    def execCommand(self, command: str, shows_ui: bool = ..., value: str = ...) -> bool: ...
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
    target: Element
    type: str
    def __init__(self, kind: str, options: dict[str, bool] = ...) -> None: ...
    isTrusted: bool
    def preventDefault(self) -> None: ...
    def stopImmediatePropagation(self) -> None: ...
    def stopPropagation(self) -> None: ...

class KeyboardEvent(Event):
    altKey: bool
    code: str
    isComposing: bool
    key: str
    keyCode: int
    def __init__(self, kind: str, options: dict[str, str | bool] | Event = ...) -> None: ...
    def getModifierState(self, key: str) -> bool: ...

class CompositionEvent(Event):
    data: str

class PointerEvent(Event):
    clientX: float
    clientY: float
    pointerId: int
    pointerType: str

class Touch:
    clientX: float
    clientY: float

class TouchEvent(Event):
    changedTouches: list[Touch]

class InputEvent(Event):
    inputType: str
    isComposing: bool

class Blob:
    size: int

class File:
    name: str
    size: int
    type: str
    def __init__(self, pieces: list[Blob], name: str, options: dict[str, str]) -> None: ...

class Files:
    length: int
    def __getitem__(self, index: int) -> File: ...

class Track:
    def stop(self) -> None: ...

class Stream:
    def getTracks(self) -> list[Track]: ...

class RecordedData(Event):
    data: Blob

class MediaRecorder:
    mimeType: str
    state: str
    ondataavailable: Callable[[RecordedData], None]
    onstop: Callable[[Event], None]
    def __init__(self, stream: Stream) -> None: ...
    @staticmethod
    def isTypeSupported(kind: str) -> bool: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...

class MediaDevices:
    def getUserMedia(self, wanted: dict[str, bool]) -> Awaitable[Stream]: ...

class Transfer:
    files: Files
    types: Types
    def getData(self, kind: str) -> str: ...

class Types:
    def includes(self, kind: str) -> bool: ...

class ClipboardEvent(Event):
    clipboardData: Transfer

class DragEvent(Event):
    dataTransfer: Transfer

class XMLHttpRequest:
    responseText: str
    status: int
    upload: Element
    def abort(self) -> None: ...
    def addEventListener(self, kind: str, listener: Callable[[Any], object]) -> None: ...
    def open(self, method: str, url: str) -> None: ...
    def send(self, body: File | None = ...) -> None: ...

class Picked:
    unicode: str

class PickEvent(Event):
    detail: Picked

class BeforeUnloadEvent(Event): ...

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
    def __init__(self, *parts: float | str | None) -> None: ...
    def getDate(self) -> int: ...
    def getFullYear(self) -> int: ...
    def getMonth(self) -> int: ...
    def getTime(self) -> int: ...
    def toLocaleDateString(self, language: str, options: dict[str, str]) -> str: ...
    @staticmethod
    def now() -> Number: ...

class Intl:
    class RelativeTimeFormat:
        def __init__(self, language: str, options: dict[str, str]) -> None: ...
        def format(self, value: int, unit: str) -> str: ...

    class DateTimeFormat:
        timeZone: str
        def resolvedOptions(self) -> Intl.DateTimeFormat: ...

class Object:
    @staticmethod
    def assign(target: object, *values: object) -> object: ...
    @staticmethod
    def defineProperty(of: object, name: str, descriptor: dict[str, object]) -> None: ...
    @staticmethod
    def keys(of: object | None) -> list[str]: ...

class RegExp:
    def __init__(self, pattern: str) -> None: ...
    def exec(self, text: str) -> list[str] | None: ...
    def test(self, text: str) -> bool: ...

class Promise(Awaitable[object]):
    def __init__(self, start: Callable[[Callable[[], object]], object]) -> None: ...
    def __await__(self) -> Any: ...

class Notification:
    data: Any
    onclick: Callable[[Event], None]
    permission: str
    tag: str
    def __init__(self, title: str, options: dict[str, Any]) -> None: ...
    def close(self) -> None: ...
    @staticmethod
    def requestPermission() -> Awaitable[str]: ...

SystemNotification = Notification

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

class ConnectError:
    message: str

class Math:
    @staticmethod
    def random() -> float: ...

class SocketQuery:
    newest: str
    page: str

class ManagerOptions:
    query: SocketQuery

class Manager:
    opts: ManagerOptions
    def on(self, event: str, listener: Callable[[int], None]) -> None: ...
    def reconnectionDelay(self, milliseconds: int) -> None: ...
    def reconnectionDelayMax(self, milliseconds: int) -> None: ...
    def timeout(self, milliseconds: int) -> None: ...

class Socket:
    connected: bool
    io: Manager
    def connect(self) -> None: ...
    def off(self, event: str) -> None: ...
    def on(self, event: str, listener: Callable[[Any], None]) -> None: ...

class Entry:
    redirectCount: int
    type: str

class Performance:
    def getEntriesByType(self, kind: str) -> list[Entry]: ...
    def now(self) -> float: ...

class Location:
    host: str
    href: str
    origin: str
    pathname: str
    def assign(self, path: str) -> None: ...
    def reload(self) -> None: ...

class CustomElements:
    def whenDefined(self, name: str) -> Awaitable[object]: ...

class Clipboard:
    def writeText(self, text: str) -> Awaitable[None]: ...

class PushSubscription:
    def toJSON(self) -> dict[str, Any]: ...
    def unsubscribe(self) -> Awaitable[bool]: ...

class PushManager:
    def getSubscription(self) -> Awaitable[PushSubscription | None]: ...
    def subscribe(self, options: dict[str, object]) -> Awaitable[PushSubscription]: ...

class ServiceWorkerRegistration:
    active: object | None
    pushManager: PushManager
    def getNotifications(self) -> Awaitable[list[Notification]]: ...

class ServiceWorkerContainer:
    def getRegistration(self, url: str) -> Awaitable[ServiceWorkerRegistration | None]: ...
    def register(self, url: str) -> Awaitable[ServiceWorkerRegistration]: ...

class Navigator:
    clipboard: Clipboard | None
    mediaDevices: MediaDevices  # not without HTTPS
    platform: str
    serviceWorker: ServiceWorkerContainer
    def setAppBadge(self, count: int) -> None: ...

class History:
    def pushState(self, state: None, title: str, url: str) -> None: ...
    def replaceState(self, state: None, title: str, url: str) -> None: ...

class Parameters:
    def get(self, name: str) -> str | None: ...

class URL:
    hash: str
    origin: str
    pathname: str
    searchParams: Parameters
    def __init__(self, url: str) -> None: ...
    @staticmethod
    def createObjectURL(file: File) -> str: ...
    @staticmethod
    def revokeObjectURL(url: str) -> None: ...

class VisualViewport:
    scale: float

class Window:
    Notification: Notification | None
    attached: dict[str, Element]  # the list of files of each room that was shown
    did_handshake: bool
    held: dict[str, Any]  # keys that are pressed before what they are for is here, set by `hold`
    innerHeight: float
    innerWidth: float
    isSecureContext: bool
    shown: AbortController  # of what ends when the page shows another room
    notifications: dict[str, SystemNotification]  # by tag, set by `notify`
    open_room: Callable[[str], None]  # shows a room and a message in this page, by its path, set by `follow_url`
    location: Location
    navigator: Navigator
    recorder: MediaRecorder  # while there is one
    socket: Socket
    unsaved: dict[str, str]
    visualViewport: VisualViewport
    def focus(self) -> None: ...

crypto: Crypto
customElements: CustomElements
document: Document
history: History
location: Location
navigator: Navigator
performance: Performance
window: Window

def addEventListener(kind: str, listener: Callable[[Any], None], options: ListenerOptions = ...) -> None: ...
def clearTimeout(timer: int) -> None: ...
def encodeURIComponent(text: str) -> str: ...
def matchMedia(query: str) -> Media: ...
def requestAnimationFrame(call: Callable[[], object]) -> None: ...
def setTimeout(call: Callable[[], object], milliseconds: int) -> int: ...
