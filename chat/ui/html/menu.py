"""The menu as HTML."""

from functools import cache, lru_cache

from markupsafe import Markup

from chat.domain.accounts.preference_choices import ColorScheme, NotificationLevel
from chat.domain.permissions import Permission, has_permission
from chat.domain.users import Member, Role
from chat.i18n import phrases
from chat.i18n.translator import Translator, languages, translator
from chat.text.export import FORMATS
from chat.ui.html.buttons import choice, item, options
from chat.ui.html.escaping import concat, fill


def menu(
    tr: Translator,
    member: Member,
    scheme: ColorScheme,
    room_items: Markup,
    *,
    has_account: bool,
    has_room_settings: bool,
    is_direct: bool,
) -> Markup:
    """Render the items that this member may use, the daily ones first; `room_items` are those of the shown room."""
    return fill(
        "<p class=menu-name><bdi>{name}</bdi></p>{rename}{reading}{schemes}{languages}{room_items}{items}",
        name=member.name,
        rename=item("pencil", tr("Change name…"), "--rename"),
        reading=_reading_items(tr),
        schemes=_schemes(tr, scheme),
        languages=language_list(tr),
        room_items=room_items,
        items=_items(
            tr, member.role, has_account=has_account, has_room_settings=has_room_settings, is_direct=is_direct
        ),
    )


@lru_cache(200)
def room_items(
    tr: Translator, path: str, level: NotificationLevel | None, *, has_level: bool, has_files: bool
) -> Markup:
    """Render the downloads of a room, and the level of its notifications (None: the general one) if it has its own."""
    return concat((_downloads(tr, path, has_files=has_files), _levels(tr, level) if has_level else ""))


@cache
def _reading_items(tr: Translator) -> Markup:
    items = (
        item("send", phrases.with_dots(tr, tr("New message")), "--new-message"),
        item("mention", tr("Mentions"), "--mentions"),
        item("read", tr("Mark all as read"), "--read-all"),
    )
    return concat(items)


@cache
def _items(tr: Translator, role: Role, *, has_account: bool, has_room_settings: bool, is_direct: bool) -> Markup:
    can_clear = has_permission(role, Permission.CLEAR_HISTORY, is_direct=is_direct)
    can_moderate = has_permission(role, Permission.HANDLE_REPORTS)
    items = (
        item("settings", tr("Settings…"), "--settings"),
        item("help", tr("Commands"), "--help"),
        item("keyboard", tr("Keyboard shortcuts"), "--keys"),
        item("hash", phrases.with_dots(tr, tr("Room settings")), "--room") if has_room_settings else "",
        item("trash", tr("Clear history…"), "--clear") if can_clear else "",
        _link("shield", tr("Moderation"), "moderation") if can_moderate else "",
        _holder_items(tr) if has_account else _guest_items(tr),
    )
    return concat(items)


@cache
def language_list(tr: Translator) -> Markup:
    """Render the list of all languages, with this one selected."""
    names = concat(
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
        '<label class="item icon-language"><select name=language aria-label="{label}">{names}</select></label>',
        label=tr("Language"),
        names=names,
    )


def _holder_items(tr: Translator) -> Markup:
    return item("user", tr("Account…"), "--account") + item("leave", tr("Sign out"), "--sign-out")


def _guest_items(tr: Translator) -> Markup:
    account = concat((item("user", tr("Sign up"), "--sign-up"), item("key", tr("Sign in"), "--sign-in")))
    return fill("<div class=pair>{account}</div>", account=account) + item("leave", tr("Leave"), "--leave")


@cache
def _schemes(tr: Translator, chosen: ColorScheme) -> Markup:
    labels = {ColorScheme.SYSTEM: tr("System"), ColorScheme.LIGHT: tr("Light"), ColorScheme.DARK: tr("Dark")}
    return fill(
        '<div class=schemes role=radiogroup aria-label="{label}">{choices}</div>',
        label=tr("Appearance"),
        choices=concat(choice("scheme", value, label, value is chosen) for value, label in labels.items()),
    )


def _levels(tr: Translator, chosen: NotificationLevel | None) -> Markup:
    names = {"": tr("Default notifications"), **{str(level): tr(name) for level, name in phrases.LEVELS.items()}}
    return fill(
        '<label class="item icon-bell"><select name=level aria-label="{label}">{options}</select></label>',
        label=tr("Notifications in this room"),
        options=options(names.items(), chosen or ""),
    )


def _downloads(tr: Translator, path: str, *, has_files: bool) -> Markup:
    names = {suffix: tr("Text") if suffix == "txt" else form.name for suffix, form in FORMATS.items()}
    links = [_download(path, suffix, name, tr("Download as %(format)s", format=name)) for suffix, name in names.items()]
    if has_files:
        links.append(_download(path, "zip", "ZIP", fill("{label} (ZIP)", label=tr("Download with all files"))))
    return fill(
        '<div class=downloads role=group aria-label="{label}">'
        "<span class=icon-download aria-hidden=true></span>{links}</div>",
        label=tr("Download history"),
        links=concat(links),
    )


def _download(path: str, suffix: str, name: str, label: str) -> Markup:
    return fill(
        '<a href="{path}/history.{suffix}" download aria-label="{label}" title="{label}">{name}</a>',
        path=path,
        suffix=suffix,
        label=label,
        name=name,
    )


def _link(picture: str, label: str, href: str) -> Markup:
    return fill('<a class="item icon-{picture}" href="{href}">{label}</a>', picture=picture, href=href, label=label)
