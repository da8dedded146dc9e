"""Emoji and their shortcodes, from the data of the package `emoji`."""

from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from emoji import EMOJI_DATA, STATUS

from chat.domain.errors import ChatError
from chat.domain.text.folding import fold

QUICK: tuple[str, ...] = ("👍", "❤️", "😂", "🎉", "😮", "😢")

# Suggested first: the emoji most used in chats, by frequency.
POPULAR = (
    "👍 ❤️ 😂 🎉 😮 😢 🔥 🚀 👀 😄 😊 🙏 ✅ 💯 🤔 😅 👏 🙌 😍 😭 🤣 🙂 😉 😁 😆 😃 😀 😎 👋 👌 "
    "💪 ✨ 🥳 🙈 🤷 🤦 🙃 😬 😱 🤗 👎 ❌ ⚠️ 💡 ⭐ ☀️ ☕ 🍺 🍕 🎂 🍰 💔 💙 💚 💜 😘 🥰 😋 😴 🤯 "
    "😡 😠 😔 😞 🙄 😏 😇 💩 👻 💀 🤖 🐛 📝 📌 🔗 ❓ ❗ ✌️ 🤞 🤝"
)

VARIATION = "\ufe0f"
TEXT_STYLE = "\ufe0e"  # asks for a black and white symbol
SKIN_TONES = frozenset(map(chr, range(0x1F3FB, 0x1F400)))


def normalize_emoji(value: object) -> str:
    """Return the fully-qualified form (Unicode TS 51) of a single emoji; raises `ChatError` for anything else."""
    found = _qualified().get(value.replace(VARIATION, "")) if isinstance(value, str) and len(value) < 20 else None
    if found is None:
        raise ChatError("emoji-unknown")
    return found


def suggest(word: str, limit: int = 8) -> list[tuple[str, str]]:
    """Return shortcodes (without colons) and their emoji for the word typed after `:`, each emoji once.

    The exact shortcode comes first, then those that begin with `word`, then those that contain it; within each,
    popular ones and short ones first. Case and accents are ignored, and skin tones left out.
    """
    folded = fold(word) if isinstance(word, str) and len(word) <= 50 else ""
    # ":)" is a face and begins no shortcode, although some contain brackets.
    if " " in folded or not any(map(str.isalnum, folded)):
        return []
    found: dict[str, str] = {}
    for sought in (f"\n{folded}\n", f"\n{folded}", folded):
        for code, emoji in _shortcodes().containing(sought):
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
    """All shortcodes, best first, searched as one text: that takes microseconds."""

    pairs: list[tuple[str, str]]
    text: str
    ends: list[int]

    def containing(self, sought: str) -> Iterator[tuple[str, str]]:
        """Yield the shortcodes that contain `sought`; each is a line of the text."""
        position = self.text.find(sought)
        while position >= 0:
            number = bisect(self.ends, position)
            yield self.pairs[number]
            position = self.text.find(sought, self.ends[number])


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
