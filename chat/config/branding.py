"""The operator's branding: title, welcome text, accent colour and logo, for pages, link previews and the manifest."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from markupsafe import Markup

from chat.domain.errors import StartupError

LOGO_LIMIT = 512 * 1024
LOGO_TYPES: dict[str, tuple[str, Callable[[bytes], bool]]] = {
    ".svg": ("image/svg+xml", lambda content: b"<svg" in content[:4096]),
    ".png": ("image/png", lambda content: content.startswith(b"\x89PNG\r\n\x1a\n")),
    ".jpg": ("image/jpeg", lambda content: content.startswith(b"\xff\xd8\xff")),
    ".jpeg": ("image/jpeg", lambda content: content.startswith(b"\xff\xd8\xff")),
    ".webp": ("image/webp", lambda content: content.startswith(b"RIFF") and content[8:12] == b"WEBP"),
}
"""Accepted logos by file extension: media type, and a check of the content."""

TITLE = "TCPChatNet"
ICONS = "assets/icons/"
DESCRIPTION = "Real-time chat for groups, classes, communities and teams."
SURFACE = {"light": "#ffffff", "dark": "#171a22"}
"""The colours of the bar at the top (`--surface` in chat.css), which phones continue above the page."""

_TAGS = Markup(
    '<meta name="description" content="{description}">'
    '<meta property="og:type" content="website"><meta property="og:title" content="{title}">'
    '<meta property="og:site_name" content="{title}"><meta property="og:description" content="{description}">'
    '<meta property="og:url" content="{url}/"><meta property="og:image" content="{url}/{image}">'
    '<meta property="og:image:alt" content="{title}"><meta name="twitter:card" content="{card}">'
    '{theme_colors}<link rel="manifest" href="manifest.webmanifest">'
    '<link rel="apple-touch-icon" href="{touch_icon}"><meta name="apple-mobile-web-app-title" content="{title}">'
    '<meta name="mobile-web-app-capable" content="yes"><meta name="apple-mobile-web-app-capable" content="yes">'
    '<meta name="apple-mobile-web-app-status-bar-style" content="default">{accent}'
)
_MASKABLE = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><rect width="100" height="100" fill="{surface}"/>'
    '<image href="{picture}" x="22" y="22" width="56" height="56"/></svg>'
)


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture, and its URL relative to the chat's, which changes with the content."""

    content: bytes
    media_type: str
    url: str

    @property
    def is_photo(self) -> bool:
        """Whether link previews and iOS home screens can show it; they don't show SVG and WebP."""
        return self.media_type in {"image/png", "image/jpeg"}

    @property
    def maskable(self) -> "Logo":
        """The logo with enough margin for launchers to cut it into any shape."""
        picture = f"data:{self.media_type};base64,{b64encode(self.content).decode()}"
        drawing = _MASKABLE.format(surface=SURFACE["light"], picture=picture)
        return Logo(drawing.encode(), "image/svg+xml", f"{self.url.partition('.')[0]}-maskable.svg")

    @classmethod
    def load(cls, path: Path) -> "Logo":
        """Read a logo; raises `StartupError` for other file types, and for files above 512 KB."""
        if path.suffix.lower() not in LOGO_TYPES:
            raise StartupError(f"CHAT_LOGO: {path} is none of {', '.join(LOGO_TYPES)}")
        try:
            content = path.read_bytes()
        except OSError as error:
            raise StartupError(f"CHAT_LOGO: {path} can't be read: {error.strerror}") from None
        if len(content) > LOGO_LIMIT:
            raise StartupError(f"CHAT_LOGO: {path} is larger than {LOGO_LIMIT // 1024} KB")
        media_type, is_valid = LOGO_TYPES[path.suffix.lower()]
        if not is_valid(content):
            raise StartupError(f"CHAT_LOGO: {path} is not {media_type}")
        return cls(content, media_type, f"logo-{sha256(content).hexdigest()[:12]}{path.suffix.lower()}")


@dataclass(frozen=True, slots=True)
class Brand:
    """The settings of a chat's appearance; `accent` is `#rrggbb` or empty."""

    title: str
    welcome: str = ""
    accent: str = ""
    logo: Logo | None = None

    @property
    def picture(self) -> str:
        """The URL of the logo, relative to the chat's."""
        return self.logo.url if self.logo else "assets/favicon.svg"

    @property
    def photo(self) -> str:
        """The URL of a picture that phones can show outside of pages."""
        return self.logo.url if self.logo and self.logo.is_photo else f"{ICONS}apple-touch.png"

    @property
    def description(self) -> str:
        """The chat in one line."""
        return " ".join(self.welcome.split()) or DESCRIPTION

    def manifest(self) -> dict[str, Any]:
        """Return the W3C Web Application Manifest, which lets browsers install the chat; its URLs are relative."""
        return {
            "name": self.title,
            "short_name": self.title,
            "description": self.description,
            "start_url": "./",
            "scope": "./",
            "display": "standalone",
            "background_color": SURFACE["light"],
            "theme_color": self.accent or SURFACE["light"],
            "categories": ["social", "productivity"],
            "icons": self._icons(),
        }

    def tags(self, url: str, scheme: str | None = None) -> Markup:
        """Return tags for the page's head: for previews of links to `url`, for phones and their home screens.

        `scheme` is light or dark, or None for the system's.
        """
        image, card = self._preview()
        return _TAGS.format(
            title=self.title,
            description=self.description,
            url=url,
            image=image,
            card=card,
            theme_colors=self.themes(scheme),
            touch_icon=self.photo,
            accent=Markup("<style>:root{{--chat-brand:{}}}</style>").format(self.accent) if self.accent else "",
        )

    def themes(self, scheme: str | None) -> Markup:
        """Return the tags that colour the browser's own bar on phones."""
        if scheme is not None:
            return Markup('<meta name="theme-color" content="{}">').format(SURFACE[scheme])
        tag = Markup('<meta name="theme-color" content="{}" media="(prefers-color-scheme: {})">')
        return Markup("").join(tag.format(color, name) for name, color in SURFACE.items())

    def _preview(self) -> tuple[str, str]:
        """Return the image and card type of link previews; the large image shows our own name."""
        if self.logo and self.logo.is_photo:
            return self.logo.url, "summary"
        if self.logo or self.title != TITLE:
            return f"{ICONS}512.png", "summary"
        return f"{ICONS}share.png", "summary_large_image"

    def _icons(self) -> list[dict[str, str]]:
        if self.logo:
            pictures = {"any": self.logo, "maskable": self.logo.maskable}
            return [
                {"src": picture.url, "type": picture.media_type, "sizes": "any", "purpose": purpose}
                for purpose, picture in pictures.items()
            ]
        return [
            {"src": "assets/favicon.svg", "type": "image/svg+xml", "sizes": "any"},
            {"src": f"{ICONS}192.png", "type": "image/png", "sizes": "192x192"},
            {"src": f"{ICONS}512.png", "type": "image/png", "sizes": "512x512"},
            {"src": f"{ICONS}maskable.png", "type": "image/png", "sizes": "512x512", "purpose": "maskable"},
        ]
