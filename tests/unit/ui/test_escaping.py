"""HTML escaped by construction: templates, and translated sentences with HTML in them."""

from datetime import UTC, datetime

import pytest
from markupsafe import Markup

from chat.domain.commands.replies import HelpReply, RosterReply
from chat.domain.moderation.events import MessageReported
from chat.domain.rooms.notices import JoinLeaveSummary, JoinOrLeave, PresenceChange, RenamedNotice
from chat.domain.users import Role, UserRef
from chat.i18n.audit_entries import describe_entry
from chat.i18n.notices import describe_changes, describe_notice
from chat.i18n.phrases import describe_reply, typing
from chat.i18n.translator import Translator, languages, translator
from chat.ui.html.buttons import options
from chat.ui.html.escaping import concat, fill
from chat.ui.html.names_and_times import isolated

AT = datetime(2030, 1, 1, tzinfo=UTC)
HOSTILE = """<img src=x onerror="alert('x')">&amp;"""
ESCAPED = "&lt;img src=x onerror=&#34;alert(&#39;x&#39;)&#34;&gt;&amp;amp;"


def test_values_are_escaped_and_markup_stays():
    html = fill('<p title="{title}">{text}{more}</p>', title=HOSTILE, text=HOSTILE, more=Markup("<b>x</b>"))
    assert html == f'<p title="{ESCAPED}">{ESCAPED}<b>x</b></p>'
    assert isinstance(html, Markup)


def test_options_begin_with_a_capital_letter():
    html = options([("", "permanently"), ("1", "<b> & c"), ("2", "")], "1")
    assert [part.split("</")[0] for part in html.split(">")[1::2]] == ["Permanently", "&lt;b&gt; &amp; c", ""]


def test_braces_in_values_are_only_text():
    assert fill("<p>{text}</p>", text="{text} {0} {text.__class__}") == "<p>{text} {0} {text.__class__}</p>"


def test_plain_parts_are_escaped():
    assert concat([HOSTILE, Markup("<br>")]) == f"{ESCAPED}<br>"


def test_a_translation_is_escaped_around_its_details(monkeypatch: pytest.MonkeyPatch):
    tr = translator("en").html
    monkeypatch.setattr(tr._catalog, "gettext", lambda text: f"<i>{text}</i>")
    assert tr("%(a)s & %(b)s", a=HOSTILE, b=isolated("Ann")) == f"&lt;i&gt;{ESCAPED} &amp; <bdi>Ann</bdi>&lt;/i&gt;"


@pytest.mark.parametrize("code", languages())
def test_sentences_with_names_are_markup(code: str):
    tr = translator(code).html
    changes = (
        PresenceChange(HOSTILE, HOSTILE, JoinOrLeave.JOINED, AT),
        PresenceChange("b", "Bob", JoinOrLeave.LEFT, AT),
    )
    report = MessageReported("lobby", UserRef("a", HOSTILE), UserRef("b", HOSTILE), AT, "message01")
    sentences = [
        describe_notice(tr, RenamedNotice(AT, HOSTILE, "%(after)s"), isolated),
        describe_notice(tr, JoinLeaveSummary(AT, changes), isolated),
        *(sentence for _, sentence in describe_changes(tr, JoinLeaveSummary(AT, changes), isolated)),
        describe_entry(tr, report, isolated),
        typing(tr, [isolated(HOSTILE)] * 3),
        *describe_reply(tr, HelpReply(Role.OWNER), isolated),
        *describe_reply(tr, RosterReply((HOSTILE,)), isolated),
    ]
    assert all(isinstance(sentence, Markup) for sentence in sentences)
    assert all("<img" not in sentence for sentence in sentences)


def test_numbers_and_lists_are_those_of_the_language():
    tr: Translator = translator("de")
    assert tr.html.plural("%(count)s online", "%(count)s online", 12_345) == "12.345 online"
    assert tr.html.join([isolated("<a>"), "<b>"]) == "<bdi>&lt;a&gt;</bdi> und &lt;b&gt;"
