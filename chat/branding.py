"""What makes a chat its operator's own: name, words, colour and picture, and what the web is told of them."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any

from chat.domain.errors import StartupError

LOGO_LIMIT = 512 * 1024
KINDS: dict[str, tuple[str, Callable[[bytes], bool]]] = {
    ".svg": ("image/svg+xml", lambda content: b"<svg" in content[:4096]),
    ".png": ("image/png", lambda content: content.startswith(b"\x89PNG\r\n\x1a\n")),
    ".jpg": ("image/jpeg", lambda content: content.startswith(b"\xff\xd8\xff")),
    ".jpeg": ("image/jpeg", lambda content: content.startswith(b"\xff\xd8\xff")),
    ".webp": ("image/webp", lambda content: content.startswith(b"RIFF") and content[8:12] == b"WEBP"),
}
"""Pictures that may be a logo, by the end of the file's name: media type, and what such a file looks like inside."""

TITLE = "TCPChatNet"
ICONS = "/assets/icons/"
DESCRIPTION = "Real-time chat for groups, classes, communities and teams."
PAPER = {"light": "#ffffff", "dark": "#171a22"}
"""The colours of the bar at the top (`--surface` in chat.css), which phones continue above the page."""


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture, and the address that it is served at, which changes with it."""

    content: bytes
    media_type: str
    address: str

    @property
    def is_photo(self) -> bool:
        """Whether previews of links and home screens of iOS can show it; a drawing they can't."""
        return self.media_type in {"image/png", "image/jpeg"}

    @property
    def maskable(self) -> "Logo":
        """The same with so much paper around it that launchers can cut it into any shape."""
        picture = f"data:{self.media_type};base64,{b64encode(self.content).decode()}"
        drawing = (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">'
            f'<rect width="100" height="100" fill="{PAPER["light"]}"/>'
            f'<image href="{picture}" x="22" y="22" width="56" height="56"/></svg>'
        )
        return Logo(drawing.encode(), "image/svg+xml", f"{self.address.partition('.')[0]}-maskable.svg")

    @classmethod
    def load(cls, path: Path) -> "Logo":
        """Read it; raises `StartupError` for what is no picture, or larger than 512 KB."""
        kind = KINDS.get(path.suffix.lower())
        if kind is None:
            raise StartupError(f"CHAT_LOGO: {path} is none of {', '.join(KINDS)}")
        try:
            content = path.read_bytes()
        except OSError as problem:
            raise StartupError(f"CHAT_LOGO: {path} can't be read: {problem.strerror}") from None
        if len(content) > LOGO_LIMIT:
            raise StartupError(f"CHAT_LOGO: {path} is larger than {LOGO_LIMIT // 1024} KB")
        media_type, fits = kind
        if not fits(content):
            raise StartupError(f"CHAT_LOGO: {path} is not {media_type}")
        return cls(content, media_type, f"/logo-{sha256(content).hexdigest()[:12]}{path.suffix.lower()}")


@dataclass(frozen=True, slots=True)
class Brand:
    """The name of a chat, and what else its operator set: `accent` as `#rrggbb`, a welcome, a logo."""

    title: str
    welcome: str = ""
    accent: str = ""
    logo: Logo | None = None

    @property
    def picture(self) -> str:
        """The address of the logo."""
        return self.logo.address if self.logo else "/assets/favicon.svg"

    @property
    def description(self) -> str:
        """What the chat is, in a line."""
        return " ".join(self.welcome.split()) or DESCRIPTION

    def manifest(self) -> dict[str, Any]:
        """What a browser needs to install the chat as an app (W3C Web Application Manifest)."""
        return {
            "id": "/",
            "name": self.title,
            "short_name": self.title,
            "description": self.description,
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "background_color": PAPER["light"],
            "theme_color": self.accent or PAPER["light"],
            "categories": ["social", "productivity"],
            "icons": self._icons(),
        }

    def tags(self, origin: str, scheme: str | None = None) -> str:
        """What stands in the head of the page: for previews of links to `origin`, for phones and their home screens.

        With a `scheme` (light or dark) it is in that, not in the system's.
        """
        title, about, base = escape(self.title), escape(self.description), escape(origin)
        image, card = self._share()
        touch = self.logo.address if self.logo and self.logo.is_photo else f"{ICONS}apple-touch.png"
        colour = f"<style>:root{{--chat-brand:{self.accent}}}</style>" if self.accent else ""
        return (
            f'<meta name="description" content="{about}">'
            f'<meta property="og:type" content="website"><meta property="og:title" content="{title}">'
            f'<meta property="og:site_name" content="{title}"><meta property="og:description" content="{about}">'
            f'<meta property="og:url" content="{base}/"><meta property="og:image" content="{base}{image}">'
            f'<meta property="og:image:alt" content="{title}"><meta name="twitter:card" content="{card}">'
            f'{self.themes(scheme)}<link rel="manifest" href="/manifest.webmanifest">'
            f'<link rel="apple-touch-icon" href="{touch}"><meta name="apple-mobile-web-app-title" content="{title}">'
            '<meta name="mobile-web-app-capable" content="yes"><meta name="apple-mobile-web-app-capable" content="yes">'
            f'<meta name="apple-mobile-web-app-status-bar-style" content="default">{colour}'
        )

    def themes(self, scheme: str | None) -> str:
        """What phones colour their own bar by: always as in a `scheme`, or as the system has it."""
        return "".join(
            f'<meta name="theme-color" content="{colour}"'
            + (f' media="(prefers-color-scheme: {name})">' if scheme is None else ">")
            for name, colour in PAPER.items()
            if scheme in {None, name}
        )

    def _share(self) -> tuple[str, str]:
        """The picture in previews of links, and how it is shown: ours has our name in it."""
        if self.logo and self.logo.is_photo:
            return self.logo.address, "summary"
        if self.logo or self.title != TITLE:
            return f"{ICONS}512.png", "summary"
        return f"{ICONS}share.png", "summary_large_image"

    def _icons(self) -> list[dict[str, str]]:
        if self.logo:
            pictures = {"any": self.logo, "maskable": self.logo.maskable}
            return [
                {"src": picture.address, "type": picture.media_type, "sizes": "any", "purpose": purpose}
                for purpose, picture in pictures.items()
            ]
        return [
            {"src": "/assets/favicon.svg", "type": "image/svg+xml", "sizes": "any"},
            {"src": f"{ICONS}192.png", "type": "image/png", "sizes": "192x192"},
            {"src": f"{ICONS}512.png", "type": "image/png", "sizes": "512x512"},
            {"src": f"{ICONS}maskable.png", "type": "image/png", "sizes": "512x512", "purpose": "maskable"},
        ]
