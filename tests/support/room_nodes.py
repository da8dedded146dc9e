"""The room as the nodes that pages are sent: who reads them needs no browser."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

Nodes = Mapping[str, Any]

TEXT = re.compile(r'<div class="?text[^>]*>(.*?)</div>', re.DOTALL)
APART = re.compile(r"</(?:p|li|div|button)>|<br>|<small")


def plain(html: str) -> str:
    """Return what a person reads in HTML."""
    return " ".join(unescape(re.sub(r"<[^>]*>", "", APART.sub(lambda tag: f" {tag[0]}", html))).split())


def below(nodes: Nodes, root: str) -> list[dict[str, Any]]:
    """Return a node and all below it, in the order in which they are shown."""
    found, waiting = [], [root]
    while waiting:
        node = nodes.get(waiting.pop(0)) or {}
        found.append(node)
        waiting = [*node.get("children", []), *waiting]
    return found


def html(nodes: Nodes, root: str) -> str:
    """Return all HTML in a node and below it."""
    return "".join(node.get("props", {}).get("innerHTML", "") for node in below(nodes, root))


def articles(nodes: Nodes) -> list[dict[str, Any]]:
    """Return the messages as nodes."""
    return [node for node in below(nodes, "log") if node.get("tag") == "article"]


def article(nodes: Nodes, text: str) -> dict[str, Any]:
    """Return the newest message with this text as a node."""
    return [node for node in articles(nodes) if text in text_of(node)][-1]


def text_of(article: dict[str, Any]) -> str:
    """Return the text of a message, without name, time and reactions."""
    return plain(TEXT.findall(article["props"]["innerHTML"])[0])


def id_of(article: dict[str, Any]) -> str:
    """Return the id of a message."""
    return str(article["props"]["id"]).removeprefix("m-")


def notices(nodes: Nodes) -> list[str]:
    """Return the lines between the messages."""
    shown = (node.get("props", {}) for node in below(nodes, "log"))
    return [plain(props["innerHTML"]) for props in shown if props.get("class") == "notice"]


def rows(nodes: Nodes) -> dict[str, str]:
    """Return the rows of the roster as HTML, by name."""
    found = [node["props"]["innerHTML"] for node in below(nodes, "people") if node.get("tag") == "li"]
    return {plain(re.findall("<bdi>.*?</bdi>", row)[0]): row for row in found}


def typing(nodes: Nodes, viewer: str = "") -> str:
    """Return the typing line as a viewer sees it: their own version, if they type too."""
    spans = dict(part.split(">", 1) for part in html(nodes, "typing").split("<span ")[1:])
    return plain(spans.get(f'data-viewer="{viewer}"', spans.get("class=all", "")))
