"""CSS for one viewer: their preferences, and how their own items differ in the HTML all viewers share."""

from chat.domain.accounts.preference_choices import Accent, ColorScheme, Density, JoinNotices, NotificationLevel
from chat.domain.accounts.preferences import Preferences
from chat.domain.permissions import Permission, has_permission
from chat.domain.rooms.readers import UnreadCounts
from chat.domain.users import Member, Role
from chat.i18n.translator import Translator
from chat.ui.html.messages.message import reactor_mark

BRANDS = {
    Accent.BLUE: "oklch(0.55 0.19 255)",
    Accent.TEAL: "oklch(0.55 0.1 195)",
    Accent.GREEN: "oklch(0.55 0.15 150)",
    Accent.AMBER: "oklch(0.6 0.14 70)",
    Accent.RED: "oklch(0.55 0.2 25)",
    Accent.PINK: "oklch(0.55 0.2 355)",
    Accent.VIOLET: "oklch(0.52 0.22 305)",
}
"""The accents to choose from; `chat.css` derives every shade from one colour, with enough contrast for any."""

MAX_COUNT = 99

HIDDEN_NOTICES = {
    JoinNotices.SHOW: (),
    JoinNotices.HIDE: (".presence",),
    JoinNotices.SMALL: (".large .presence",),
}


def preferences_css(preferences: Preferences) -> str:
    scheme = "light dark" if preferences.scheme is ColorScheme.SYSTEM else preferences.scheme
    rules = [f"color-scheme:{scheme}", f"font-size:{preferences.size}%"]
    if brand := BRANDS.get(preferences.accent):
        rules.append(f"--brand:{brand}")
    if preferences.contrast:
        rules.append("--more:1")
    if preferences.density is Density.COMPACT:
        rules.append("--roomy:0")
    mute = "--mute" if preferences.muted else "--unmute"
    hidden = [f'.bar [command="{mute}"]', *HIDDEN_NOTICES[preferences.joins], *[".offer"] * preferences.offered]
    return f":root{{{';'.join(rules)}}}{','.join(hidden)}{{display:none}}{_silent_rooms_css(preferences)}"


def _silent_rooms_css(preferences: Preferences) -> str:
    """Dim the rooms of which the member wants no notifications."""
    silent = (room_id for room_id, level in preferences.levels.items() if level is NotificationLevel.NOTHING)
    links = ",".join(f'[data-room="{room_id}"]' for room_id in silent if room_id.isalnum())
    return f".room-link:is({links}){{color:var(--muted)}}" if links else ""


def own_items_css(member: Member, *, creates_rooms: bool = False) -> str:
    """Style the viewer's own messages, reactions, mentions, roster row and typing line, and show their buttons."""
    own, viewer, mark = f'[data-author="{member.id}"]', member.id, reactor_mark(member.id)
    deletes_any = has_permission(member.role, Permission.DELETE_ANY)
    moderated = [role for role in Role if has_permission(member.role, Permission.MUTE, role)]
    return (
        # In print, they have their author's name, as all others.
        f"@media screen{{{own}{{--grid:var(--own-grid);--next-grid:var(--own-next-grid);"
        "--place:end;--end:end;--acts:var(--own-acts);--edit:inline-flex;--delete:inline-flex;--report:none;"
        "--fill:var(--own-fill);--ink:var(--own-ink);--mention:var(--own-mention)}"
        f"{own}:not(.action)>:is(.avatar,bdi){{display:none}}}}"
        + (":root{--delete:inline-flex}" if deletes_any else "")
        + (":root{--new-room:flex}" if creates_rooms else "")
        + f'[data-by~="{mark}"]+[aria-pressed=true]{{display:inline-flex}}'
        f'[aria-pressed=false][data-by~="{mark}"]{{display:none}}'
        f':is([data-mention="{viewer}"],[data-mention=all])'
        "{--mention:var(--mention-me);--mention-ink:var(--mention-me-ink)}"
        f'article:has([data-mention="{viewer}"],[data-mention=all]){{--fill:var(--mark);--ink:var(--text)}}'
        f'[data-member="{viewer}"] .you{{display:inline}}'
        + "".join(f'.roster [data-role="{role}"] .moderate{{display:inline-flex}}' for role in moderated)
        + f'.typing:has([data-viewer="{viewer}"]) .all{{display:none}}'
        f'[data-viewer="{viewer}"]{{display:inline!important}}'
    )


def reports_css(count: str, label: str) -> str:
    """Show the number of open reports on the menu's button and on its item for moderation."""
    badge = '.bar .icon-menu::after,.item[href="moderation"]::after'
    return f'{badge}{{content:"{count}" / "{label}"}}'


def unread_css(tr: Translator, unread: UnreadCounts, elsewhere: UnreadCounts, mentions: int) -> str:
    """Mark unread rooms, each with the number of messages addressed to the viewer.

    The button of the drawer gets the number of all rooms `elsewhere`, and the item of the menu that of the messages
    which mention the viewer. `chat.css` shows the numbers, and keeps the words for screen readers.
    """
    css = ""
    if unread:
        links = ",".join(map(_link, unread))
        css = f":is({links}){{font-weight:700;{_words(tr, 0)}}}"
        css += "".join(f"{_link(room_id)}{{{_words(tr, count)}}}" for room_id, count in unread.items() if count)
    if elsewhere:
        total = sum(elsewhere.values())
        css += f".bar .icon-users{{{_words(tr, total)}}}"
        css += "" if total else '.bar .icon-users::after{content:"";min-width:0.625rem;height:0.625rem;padding:0}'
    if mentions:
        css += f'.item[command="--mentions"]{{{_words(tr, mentions)}}}'
    return css


def _link(room_id: str) -> str:
    return f'a[data-room="{room_id}"]'


def _words(tr: Translator, count: int) -> str:
    """Return a number of unread messages, if there is one, and what to say behind a name."""
    words = tr.plural("%(count)s unread", "%(count)s unread", count) if count else tr("unread")
    behind = tr("%(name)s, %(unread)s", name="", unread=words)  # the name is in the HTML
    return f'--unread:"{behind}"' + (f';--count:"{_number(tr, count)}"' if count else "")


def _number(tr: Translator, count: int) -> str:
    return tr.number(count) if count <= MAX_COUNT else f"{tr.number(MAX_COUNT)}+"


def subject_css(subject: str) -> str:
    """Mark the row of the message that is replied to or edited, as long as that is the subject of the field."""
    message_id = subject.partition("-")[2]
    return f'.room:has(#composer[data-about="{subject}"]) #m-{message_id}{{background:var(--row)}}'
