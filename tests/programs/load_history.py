"""The history of the load tests."""

from pathlib import Path
from typing import Any

from tests.programs.load_page import TEXT
from tests.support.stored_history import write_history

HISTORY = 100
LARGE = 10_000
# Every second message of the history is formatted.
FORMATTED = (
    "This is **important** and _that_ is `code`, see https://example.org/a/long/path?with=query :tada:",
    "- first\n- second\n- third with **bold**",
    "```python\nfor number in range(10):\n    print(number)\n```",
    "> quoted words\n\nand an answer to @Author 3, with a [link](https://example.org)",
)


def write_formatted(path: Path, count: int) -> None:
    """Write a history of so many messages, with mentions and reactions."""
    texts = [FORMATTED[number // 2 % len(FORMATTED)] if number % 2 else TEXT for number in range(count)]
    write_history(path, texts, more=_mentions_and_reactions)


def _mentions_and_reactions(number: int) -> dict[str, Any]:
    return {
        "mentions": {"Author 3": "author3"} if number % 8 == 7 else {},
        "reactions": {"👍": {"author1": "Author 1", "author2": "Author 2"}} if number % 10 == 0 else {},
    }
