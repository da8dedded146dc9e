"""Read the room from the nodes that pages are sent, without a browser."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

Nodes = Mapping[str, Any]

TEXT = re.compile(r'<div class="?text[^>]*>(.*?)</div>', re.DOTALL)
BREAKS = re.compile(r"</(?:p|li|div|button)>|<br>|<small")


def plain(html: str) -> str:
    """Return the text of HTML as displayed, with whitespace collapsed."""
    return " ".join(unescape(re.sub(r"<[^>]*>", "", BREAKS.sub(lambda tag: f" {tag[0]}", html))).split())


def below(nodes: Nodes, root: str) -> list[dict[str, Any]]:
    """Return a node and its descendants, in display order."""
    found, pending = [], [root]
    while pending:
        node = nodes.get(pending.pop(0)) or {}
        found.append(node)
        pending = [*node.get("children", []), *pending]
    return found


def html(nodes: Nodes, root: str) -> str:
    """Return the HTML of a node and its descendants."""
    return "".join(node.get("props", {}).get("innerHTML", "") for node in below(nodes, root))


def articles(nodes: Nodes) -> list[dict[str, Any]]:
    """Return the nodes of all messages."""
    return [node for node in below(nodes, "log") if node.get("tag") == "article"]


def article(nodes: Nodes, text: str) -> dict[str, Any]:
    """Return the node of the newest message that contains `text`."""
    return [node for node in articles(nodes) if text in text_of(node)][-1]


def text_of(article: dict[str, Any]) -> str:
    """Return the text of a message, without name, time and reactions."""
    return plain(TEXT.findall(article["props"]["innerHTML"])[0])


def id_of(article: dict[str, Any]) -> str:
    return str(article["props"]["id"]).removeprefix("m-")


def notices(nodes: Nodes) -> list[str]:
    """Return the texts of the notices between the messages."""
    shown = (node.get("props", {}) for node in below(nodes, "log"))
    html = [props["innerHTML"] for props in shown if "notice" in props.get("class", "").split()]
    return [plain(re.sub(r"</summary>.*", "", line)) for line in html]


def rows(nodes: Nodes) -> dict[str, str]:
    """Return the HTML of the roster's rows by name."""
    found = [node["props"]["innerHTML"] for node in below(nodes, "people") if node.get("tag") == "li"]
    return {plain(re.findall("<bdi>.*?</bdi>", row)[0]): row for row in found}


def typing(nodes: Nodes, viewer: str = "") -> str:
    """Return the typing line as the viewer sees it; viewers get their own version while typing."""
    spans = dict(part.split(">", 1) for part in html(nodes, "typing").split("<span ")[1:])
    return plain(spans.get(f'data-viewer="{viewer}"', spans.get("class=all", "")))
