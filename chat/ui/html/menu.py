"""The menu as HTML."""

from functools import cache
from html import escape

from chat.domain.accounts.preferences import ColorScheme
from chat.domain.permissions import Permission, has_permission
from chat.domain.users import Member
from chat.i18n.translator import Translator, languages, translator
from chat.text.export import FORMATS
from chat.ui.html.buttons import choice, invoke


def menu(tr: Translator, member: Member, scheme: ColorScheme, *, has_account: bool) -> str:
    """Render the items that this member may use."""
    can_clear = has_permission(member.role, Permission.CLEAR_HISTORY)
    can_moderate = has_permission(member.role, Permission.HANDLE_REPORTS)
    return "".join((
        f"<p class=menu-name><bdi>{escape(member.name)}</bdi></p>",
        _item("pencil", tr("Change name…"), "--rename"),
        _schemes(tr, scheme),
        language_list(tr),
        _downloads(tr),
        _item("settings", tr("Settings…"), "--settings"),
        _item("search", tr("Search"), "--search"),
        _item("help", tr("Commands"), "--help"),
        _item("keyboard", tr("Keyboard"), "--keys"),
        _item("trash", tr("Clear history…"), "--clear") if can_clear else "",
        _link("shield", tr("Moderation"), "/moderation") if can_moderate else "",
        _holder_items(tr) if has_account else _guest_items(tr),
    ))  # fmt: skip


@cache
def language_list(tr: Translator) -> str:
    """Render the list of all languages, with this one selected."""
    label, others = escape(tr("Language")), ((translator(code), code) for code in languages())
    options = "".join(
        f"<option value={code} lang={other.tag} {'selected' if other is tr else ''}>{escape(other.name)}</option>"
        for other, code in others
    )
    return f'<label class="item icon-language"><select name=language aria-label="{label}">{options}</select></label>'


def _holder_items(tr: Translator) -> str:
    return _item("user", tr("Account…"), "--account") + _item("leave", tr("Sign out"), "--leave")


def _guest_items(tr: Translator) -> str:
    return "".join((
        _item("user", tr("Sign up"), "--sign-up"),
        _item("key", tr("Sign in"), "--sign-in"),
        _item("leave", tr("Leave"), "--leave"),
    ))  # fmt: skip


def _schemes(tr: Translator, chosen: ColorScheme) -> str:
    label = escape(tr("Appearance"))
    labels = {ColorScheme.SYSTEM: tr("System"), ColorScheme.LIGHT: tr("Light"), ColorScheme.DARK: tr("Dark")}
    choices = "".join(choice("scheme", value, name, value is chosen) for value, name in labels.items())
    return f'<div class=schemes role=radiogroup aria-label="{label}">{choices}</div>'


def _downloads(tr: Translator) -> str:
    label = escape(tr("Download history"))
    links = "".join(
        _download(tr, suffix, tr("Text") if suffix == "txt" else form.name) for suffix, form in FORMATS.items()
    )
    mark = "<span class=icon-download aria-hidden=true></span>"
    return f'<div class=downloads role=group aria-label="{label}">{mark}{links}</div>'


def _download(tr: Translator, suffix: str, label: str) -> str:
    name = escape(tr("Download as %(format)s", format=label))
    return f'<a href="/history.{suffix}" download aria-label="{name}" title="{name}">{escape(label)}</a>'


def _item(picture: str, label: str, command: str) -> str:
    return f'<button type=button class="item icon-{picture}" {invoke(command)}>{escape(label)}</button>'


def _link(picture: str, label: str, href: str) -> str:
    return f'<a class="item icon-{picture}" href="{href}">{escape(label)}</a>'
