"""The sections of the moderation page as HTML."""

from collections.abc import Iterable
from datetime import UTC, datetime
from html import escape

from chat.domain.accounts.access_policy import AccessMode, AccessPolicy
from chat.domain.accounts.events import InvitationCreated
from chat.domain.accounts.invitations import Invitation
from chat.domain.audit import AuditedEvent
from chat.domain.moderation.events import Banned, Kicked, Muted
from chat.domain.moderation.reports import Report
from chat.domain.moderation.sanctions import Sanction
from chat.domain.permissions import Permission, has_permission
from chat.domain.users import Member
from chat.i18n import phrases as words
from chat.i18n.audit_entries import describe_entry
from chat.text.markup.renderer import to_plain
from chat.ui.html.buttons import MENU
from chat.ui.html.message import isolated, moment
from chat.ui.page_context import PageContext

ABSENT_SHOWN = 200


def sections(page: PageContext, door: AccessPolicy, link: str, acts: list[AuditedEvent]) -> str:
    """All that this person may see; `link` is that of an invitation just made."""
    tr, room, now = page.tr, page.chat.room, datetime.now(UTC)
    role = page.member.role if page.member else None
    moderation = room.moderation
    parts = [
        _section(tr("People"), (_person(page, member) for member in room.roster())),
        _section(tr("Reports"), (_report(page, report) for report in moderation.reports.open), tr("No open reports.")),
        _section(
            tr("Bans and mutes"),
            (
                *(_sanction(page, ban, "--unban", tr("Lift the ban")) for ban in moderation.bans.in_force(now)),
                *(_sanction(page, mute, "--unmute", tr("Let speak")) for mute in moderation.mutes.in_force(now)),
            ),
            tr("Nobody is banned or muted."),
        ),
    ]
    if absent := room.absent_members():
        parts.insert(1, _section(tr("Not here right now"), (_person(page, member) for member in absent[:ABSENT_SHOWN])))
    if role and has_permission(role, Permission.INVITE) and door.mode is AccessMode.INVITE:
        rows = [_link(page, link)] if link else []
        rows += [_invitation(page, invitation) for invitation in door.invitations.open(now)]
        new = _button(tr("New invitation"), "--invite")
        parts.append(_section(tr("Invitations"), rows, tr("There are no invitations."), f"<p>{new}</p>"))
    if role and has_permission(role, Permission.SEE_AUDIT):
        name = escape(tr("Download"))
        download = f'<p><a href="/audit.jsonl" download>{name}</a></p>'
        parts.append(_section(tr("Audit log"), (_act(page, act) for act in acts), tr("Nothing yet."), download))
    return "".join(parts)


def _section(heading: str, rows: Iterable[str], empty: str = "", more: str = "") -> str:
    listed = "".join(rows)
    content = f"<ul>{listed}</ul>" if listed else f"<p class=empty>{escape(empty)}</p>"
    return f"<section><h2>{escape(heading)}</h2>{more}{content}</section>"


def _person(page: PageContext, member: Member) -> str:
    me = page.member
    name = f"{isolated(member.name)} <small>{escape(page.tr(words.ROLES[member.role]))}</small>"
    if me and has_permission(me.role, Permission.MUTE, member.role) and member.id != me.id:
        name += _button(page.tr("Moderate %(name)s", name=member.name), "--person", member.id)
    return f"<li>{name}</li>"


def _report(page: PageContext, report: Report) -> str:
    tr = page.tr
    message = page.chat.room.conversation.history.get(report.message_id)
    text = report.text or (message.text if message else "")
    gone, edited = tr("The message was deleted."), tr("edited")
    since = gone if message is None else edited if message.edited and message.edited > report.at else ""
    by = tr("reported by %(name)s", name=report.actor.name)
    about = " · ".join(map(escape, filter(None, (by, report.reason, since))))
    buttons = _button(tr("Delete"), "--delete-reported", report.message_id) if message else ""
    buttons += _button(tr("Settle"), "--settle", report.message_id)
    said = f"{isolated(report.author.name)} <span dir=auto>{escape(to_plain(text, 200))}</span>"
    return f"<li>{said} <small>{about}</small><span class=pair>{buttons}</span></li>"


def _sanction(page: PageContext, sanction: Sanction, command: str, button: str) -> str:
    tr = page.tr
    until = _until(page, sanction.until) if sanction.until else escape(tr("for good"))
    why = f" · {escape(sanction.reason)}" if sanction.reason else ""
    lift = _button(button, command, sanction.target.id)
    return f"<li>{isolated(sanction.target.name)} <small>{until}{why}</small>{lift}</li>"


def _invitation(page: PageContext, invitation: Invitation) -> str:
    tr = page.tr
    used = tr.plural("used %(count)s time", "used %(count)s times", invitation.uses)
    by = tr("by %(name)s", name=invitation.created_by.name) if invitation.created_by.name else ""
    until = _until(page, invitation.until)
    about = " · ".join(filter(None, (escape(by), until, escape(used))))
    revoke = _button(tr("Revoke"), "--revoke", invitation.id)
    return f"<li><code>{escape(invitation.id)}</code> <small>{about}</small>{revoke}</li>"


def _link(page: PageContext, link: str) -> str:
    name, copy, copied = map(escape, (page.tr("Link"), page.tr("Copy link"), page.tr("Copied")))
    field = f'<input readonly dir=ltr value="{escape(link)}" aria-label="{name}">'
    return f'<li>{field}<button type=button data-copied="{copied}">{copy}</button></li>'


def _until(page: PageContext, at: datetime) -> str:
    word = escape(page.tr("until"))
    return f"{word} {moment(at)}"


def _act(page: PageContext, act: AuditedEvent) -> str:
    until = _until(page, end) if (end := _end_of(act)) else ""
    more = " · ".join(filter(None, (until, escape(getattr(act, "reason", "")))))
    return f"<li>{moment(act.at)} <span>{describe_entry(page.tr, act, isolated)}</span> <small dir=auto>{more}</small></li>"


def _button(name: str, command: str, value: str = "") -> str:
    return f'<button type=button commandfor={MENU} command={command} value="{escape(value)}">{escape(name)}</button>'


def _end_of(act: AuditedEvent) -> datetime | None:
    match act:
        case Muted(until=until) | Kicked(until=until) | Banned(until=until):
            return until
        case InvitationCreated(invitation=invitation):
            return invitation.until
    return None
