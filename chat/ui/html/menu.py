"""The menu as HTML."""

from functools import cache

from markupsafe import Markup

from chat.domain.accounts.preferences import ColorScheme
from chat.domain.permissions import Permission, has_permission
from chat.domain.users import Member, Role
from chat.i18n import phrases
from chat.i18n.translator import Translator, languages, translator
from chat.text.export import FORMATS
from chat.ui.html.buttons import choice, item
from chat.ui.html.escaping import concat, fill


def menu(tr: Translator, member: Member, scheme: ColorScheme, *, has_account: bool, has_room_settings: bool) -> Markup:
    """Render the items that this member may use."""
    return fill(
        "<p class=menu-name><bdi>{name}</bdi></p>{items}",
        name=member.name,
        items=_items(tr, member.role, scheme, has_account, has_room_settings),
    )


@cache
def _items(tr: Translator, role: Role, scheme: ColorScheme, has_account: bool, has_room_settings: bool) -> Markup:
    can_clear = has_permission(role, Permission.CLEAR_HISTORY)
    can_moderate = has_permission(role, Permission.HANDLE_REPORTS)
    return concat((
        item("pencil", tr("Change name…"), "--rename"),
        _schemes(tr, scheme),
        language_list(tr),
        _downloads(tr),
        item("settings", tr("Settings…"), "--settings"),
        item("help", tr("Commands"), "--help"),
        item("keyboard", tr("Keyboard shortcuts"), "--keys"),
        item("hash", phrases.with_dots(tr, tr("Room settings")), "--room") if has_room_settings else "",
        item("trash", tr("Clear history…"), "--clear") if can_clear else "",
        _link("shield", tr("Moderation"), "moderation") if can_moderate else "",
        _holder_items(tr) if has_account else _guest_items(tr),
    ))  # fmt: skip


@cache
def language_list(tr: Translator) -> Markup:
    """Render the list of all languages, with this one selected."""
    options = concat(
        fill(
            "<option value={code} lang={tag} {selected}>{name}</option>",
            code=language.code,
            tag=language.tag,
            selected="selected" if language is tr else "",
            name=language.name,
        )
        for language in map(translator, languages())
    )
    return fill(
        '<label class="item icon-language"><select name=language aria-label="{label}">{options}</select></label>',
        label=tr("Language"),
        options=options,
    )


def _holder_items(tr: Translator) -> Markup:
    return item("user", tr("Account…"), "--account") + item("leave", tr("Sign out"), "--sign-out")


def _guest_items(tr: Translator) -> Markup:
    return concat((
        item("user", tr("Sign up"), "--sign-up"),
        item("key", tr("Sign in"), "--sign-in"),
        item("leave", tr("Leave"), "--leave"),
    ))  # fmt: skip


def _schemes(tr: Translator, chosen: ColorScheme) -> Markup:
    labels = {ColorScheme.SYSTEM: tr("System"), ColorScheme.LIGHT: tr("Light"), ColorScheme.DARK: tr("Dark")}
    return fill(
        '<div class=schemes role=radiogroup aria-label="{label}">{choices}</div>',
        label=tr("Appearance"),
        choices=concat(choice("scheme", value, label, value is chosen) for value, label in labels.items()),
    )


def _downloads(tr: Translator) -> Markup:
    names = {suffix: tr("Text") if suffix == "txt" else form.name for suffix, form in FORMATS.items()}
    return fill(
        '<div class=downloads role=group aria-label="{label}">'
        "<span class=icon-download aria-hidden=true></span>{links}</div>",
        label=tr("Download history"),
        links=concat(_download(tr, suffix, name) for suffix, name in names.items()),
    )


def _download(tr: Translator, suffix: str, name: str) -> Markup:
    return fill(
        '<a href="history.{suffix}" download aria-label="{label}" title="{label}">{name}</a>',
        suffix=suffix,
        label=tr("Download as %(format)s", format=name),
        name=name,
    )


def _link(picture: str, label: str, href: str) -> Markup:
    return fill('<a class="item icon-{picture}" href="{href}">{label}</a>', picture=picture, href=href, label=label)
