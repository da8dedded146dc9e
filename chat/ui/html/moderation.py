"""The sections of the page for moderators, as HTML."""

from collections.abc import Iterable
from datetime import UTC, datetime
from html import escape

from chat.domain.accounts.access_policy import AccessMode, AccessPolicy
from chat.domain.accounts.invitations import Invitation
from chat.domain.audit import Entry
from chat.domain.moderation.reports import Report
from chat.domain.moderation.sanctions import Sanction
from chat.domain.permissions import Permission, has_permission
from chat.domain.users import Member
from chat.i18n import phrases as words
from chat.i18n.audit_entries import told
from chat.text.markup.renderer import to_plain
from chat.ui.html.message import MENU, isolated, moment
from chat.ui.page_context import PageContext

ABSENT_SHOWN = 200


def sections(visit: PageContext, door: AccessPolicy, link: str, acts: list[Entry]) -> str:
    """All that this person may see; `link` is that of an invitation just made."""
    _, room, now = visit._, visit.chat.room, datetime.now(UTC)
    role = visit.member.role if visit.member else None
    moderation = room.moderation
    parts = [
        _section(_("People"), (_person(visit, member) for member in room.roster())),
        _section(_("Reports"), (_report(visit, report) for report in moderation.reports.open), _("No open reports.")),
        _section(
            _("Bans and mutes"),
            (
                *(_sanction(visit, ban, "--unban", _("Lift the ban")) for ban in moderation.bans.in_force(now)),
                *(_sanction(visit, mute, "--unmute", _("Let speak")) for mute in moderation.mutes.in_force(now)),
            ),
            _("Nobody is banned or muted."),
        ),
    ]
    if absent := room.absent_members():
        parts.insert(1, _section(_("Not here right now"), (_person(visit, member) for member in absent[:ABSENT_SHOWN])))
    if role and has_permission(role, Permission.INVITE) and door.access is AccessMode.INVITE:
        rows = [_link(visit, link)] if link else []
        rows += [_invitation(visit, invitation) for invitation in door.invitations.open(now)]
        new = _button(_("New invitation"), "--invite")
        parts.append(_section(_("Invitations"), rows, _("There are no invitations."), f"<p>{new}</p>"))
    if role and has_permission(role, Permission.SEE_AUDIT):
        name = escape(_("Download"))
        download = f'<p><a href="/audit.jsonl" download>{name}</a></p>'
        parts.append(_section(_("Audit log"), (_act(visit, act) for act in acts), _("Nothing yet."), download))
    return "".join(parts)


def _section(heading: str, rows: Iterable[str], empty: str = "", more: str = "") -> str:
    listed = "".join(rows)
    content = f"<ul>{listed}</ul>" if listed else f"<p class=empty>{escape(empty)}</p>"
    return f"<section><h2>{escape(heading)}</h2>{more}{content}</section>"


def _person(visit: PageContext, member: Member) -> str:
    me = visit.member
    name = f"{isolated(member.name)} <small>{escape(visit._(words.ROLES[member.role]))}</small>"
    if me and has_permission(me.role, Permission.MUTE, member.role) and member.id != me.id:
        name += _button(visit._("Moderate %(name)s", name=member.name), "--person", member.id)
    return f"<li>{name}</li>"


def _report(visit: PageContext, report: Report) -> str:
    _ = visit._
    message = visit.chat.room.conversation.history.get(report.message)
    text = report.text or (message.text if message else "")
    gone, edited = _("The message was deleted."), _("edited")
    since = gone if message is None else edited if message.edited and message.edited > report.at else ""
    by = _("reported by %(name)s", name=report.by.name)
    about = " · ".join(map(escape, filter(None, (by, report.why, since))))
    buttons = _button(_("Delete"), "--delete-reported", report.message) if message else ""
    buttons += _button(_("Settle"), "--settle", report.message)
    said = f"{isolated(report.author.name)} <span dir=auto>{escape(to_plain(text, 200))}</span>"
    return f"<li>{said} <small>{about}</small><span class=pair>{buttons}</span></li>"


def _sanction(visit: PageContext, sanction: Sanction, command: str, button: str) -> str:
    _ = visit._
    until = _until(visit, sanction.until) if sanction.until else escape(_("for good"))
    why = f" · {escape(sanction.why)}" if sanction.why else ""
    lift = _button(button, command, sanction.whom.id)
    return f"<li>{isolated(sanction.whom.name)} <small>{until}{why}</small>{lift}</li>"


def _invitation(visit: PageContext, invitation: Invitation) -> str:
    _ = visit._
    used = _.plural("used %(count)s time", "used %(count)s times", invitation.uses)
    by = _("by %(name)s", name=invitation.name) if invitation.name else ""
    until = _until(visit, invitation.until)
    about = " · ".join(filter(None, (escape(by), until, escape(used))))
    revoke = _button(_("Revoke"), "--revoke", invitation.id)
    return f"<li><code>{escape(invitation.id)}</code> <small>{about}</small>{revoke}</li>"


def _link(visit: PageContext, link: str) -> str:
    name, copy, copied = map(escape, (visit._("Link"), visit._("Copy link"), visit._("Copied")))
    field = f'<input readonly dir=ltr value="{escape(link)}" aria-label="{name}">'
    return f'<li>{field}<button type=button data-copied="{copied}">{copy}</button></li>'


def _until(visit: PageContext, at: datetime) -> str:
    word = escape(visit._("until"))
    return f"{word} {moment(at)}"


def _act(visit: PageContext, act: Entry) -> str:
    until = _until(visit, act.until) if act.until else ""
    more = " · ".join(filter(None, (until, escape(act.why))))
    return f"<li>{moment(act.at)} <span>{told(visit._, act, isolated)}</span> <small dir=auto>{more}</small></li>"


def _button(name: str, command: str, value: str = "") -> str:
    return f'<button type=button commandfor={MENU} command={command} value="{escape(value)}">{escape(name)}</button>'
