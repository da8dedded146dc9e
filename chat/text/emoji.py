"""Emoji: which are known, and what `:word` may mean; after Unicode's data and the shortcodes of the package `emoji`."""

from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from emoji import EMOJI_DATA, STATUS

from chat.domain.errors import ChatError
from chat.domain.text.folding import fold

QUICK: tuple[str, ...] = ("👍", "❤️", "😂", "🎉", "😮", "😢")

# What is offered first when several fit: what chats use most, the most used first.
POPULAR = (
    "👍 ❤️ 😂 🎉 😮 😢 🔥 🚀 👀 😄 😊 🙏 ✅ 💯 🤔 😅 👏 🙌 😍 😭 🤣 🙂 😉 😁 😆 😃 😀 😎 👋 👌 "
    "💪 ✨ 🥳 🙈 🤷 🤦 🙃 😬 😱 🤗 👎 ❌ ⚠️ 💡 ⭐ ☀️ ☕ 🍺 🍕 🎂 🍰 💔 💙 💚 💜 😘 🥰 😋 😴 🤯 "
    "😡 😠 😔 😞 🙄 😏 😇 💩 👻 💀 🤖 🐛 📝 📌 🔗 ❓ ❗ ✌️ 🤞 🤝"
)

VARIATION = "\ufe0f"
SKIN_TONES = frozenset(map(chr, range(0x1F3FB, 0x1F400)))


def normalize_emoji(value: object) -> str:
    """The one emoji in `value`, in its fully-qualified form (Unicode TS 51).

    Raises `ChatError("emoji-unknown")` for anything else.
    """
    found = _qualified().get(value.replace(VARIATION, "")) if isinstance(value, str) and len(value) < 20 else None
    if found is None:
        raise ChatError("emoji-unknown")
    return found


def suggest(word: str, limit: int = 8) -> list[tuple[str, str]]:
    """Shortcodes (without colons) and their emoji for what was typed after `:`, best first, each emoji once.

    That is exactly this shortcode, then those that begin with it, then those that have it anywhere; the popular and
    the short first. Case and accents do not matter; skin tones are left out.
    """
    folded = fold(word) if isinstance(word, str) and len(word) <= 50 else ""
    # ":)" and the like are no beginnings of a shortcode, though some have brackets in them.
    if " " in folded or not any(map(str.isalnum, folded)):
        return []
    found: dict[str, str] = {}
    for sought in (f"\n{folded}\n", f"\n{folded}", folded):
        for code, emoji in _shortcodes().having(sought):
            if len(found) >= limit:
                break
            found.setdefault(emoji, code)
    return [(code, emoji) for emoji, code in found.items()]


@cache
def _qualified() -> dict[str, str]:
    return {
        emoji.replace(VARIATION, ""): emoji
        for emoji, data in EMOJI_DATA.items()
        if data["status"] == STATUS["fully_qualified"]
    }


@dataclass(frozen=True)
class _Shortcodes:
    """All shortcodes, the best first: searched as one text, which takes microseconds."""

    pairs: list[tuple[str, str]]
    text: str
    ends: list[int]

    def having(self, sought: str) -> Iterator[tuple[str, str]]:
        """Those with `sought` in them; a shortcode is a line."""
        at = self.text.find(sought)
        while at >= 0:
            number = bisect(self.ends, at)
            yield self.pairs[number]
            at = self.text.find(sought, self.ends[number])


@cache
def _shortcodes() -> _Shortcodes:
    rank = {emoji: number for number, emoji in enumerate(POPULAR.split())}
    pairs = [
        (code.strip(":"), emoji)
        for emoji in _qualified().values()
        if SKIN_TONES.isdisjoint(emoji)
        for code in (EMOJI_DATA[emoji]["en"], *EMOJI_DATA[emoji].get("alias", ()))
    ]
    pairs.sort(key=lambda pair: (rank.get(pair[1], len(rank)), len(pair[0]), pair[0]))
    text, ends = "\n", []
    for code, _emoji in pairs:
        text += fold(code) + "\n"
        ends.append(len(text) - 1)
    return _Shortcodes(pairs, text, ends)
