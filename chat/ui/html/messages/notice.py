"""A notice between messages as HTML, the same for all viewers of one language."""

from chat.domain.rooms.notices import JoinLeaveSummary, Notice
from chat.framework.live_region import Node
from chat.i18n import notices
from chat.i18n.translator import Translator
from chat.ui.html.escaping import concat, fill
from chat.ui.html.names_and_times import isolated, moment


def notice(tr: Translator, item: Notice) -> Node:
    """Return a notice as a node; several joins and leaves in one line open to show everybody, with times."""
    sentence = notices.describe_notice(tr.html, item, isolated)
    if not isinstance(item, JoinLeaveSummary):
        return {"tag": "p", "props": {"class": "notice", "innerHTML": sentence}}
    if len(item.changes) == 1:
        return {"tag": "p", "props": {"class": "notice presence", "innerHTML": sentence}}
    rows = concat(
        fill("<li>{sentence} · {time}</li>", sentence=row, time=moment(at))
        for at, row in notices.describe_changes(tr.html, item, isolated)
    )
    html = fill("<summary>{sentence}</summary><ul>{rows}</ul>", sentence=sentence, rows=rows)
    # Not drawn anew when somebody else joins, so it stays open.
    props = {"id": f"n-{item.at:%Y%m%d%H%M%S%f}", "class": "notice presence", "innerHTML": html}
    return {"tag": "details", "props": props}
