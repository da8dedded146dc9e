"""The sections of the moderation page as HTML."""

from collections.abc import Iterable, Mapping

from markupsafe import Markup

from chat.domain.accounts.access_policy import AccessMode, AccessPolicy
from chat.domain.accounts.invitations import Invitation
from chat.domain.audit import AuditEntry
from chat.domain.messages.message import Message
from chat.domain.moderation.reports import Report, ReportKey
from chat.domain.moderation.sanctions import Sanction
from chat.domain.permissions import Permission, has_permission
from chat.domain.rooms.directory.room_info import may_see
from chat.domain.rooms.room import Room
from chat.domain.users import Member, Role, UserRef
from chat.i18n import phrases
from chat.i18n.translator import Translator
from chat.state import clock
from chat.text.markup.renderer import to_plain
from chat.ui.html.audit_log import SEPARATOR, deadline, describe, place
from chat.ui.html.buttons import button, link_to_copy
from chat.ui.html.escaping import concat, fill
from chat.ui.html.names_and_times import isolated
from chat.ui.page_context import PageContext
from chat.web.paths import room_path

MAX_ABSENT = 200


def sections(
    page: PageContext,
    policy: AccessPolicy,
    new_link: str,
    reported: Mapping[ReportKey, Message],
    entries: list[AuditEntry],
) -> Markup:
    """Render all sections that this moderator may see; `new_link` is that of an invitation just created.

    `reported` are the messages of open reports that are still there, by their keys.
    """
    room = page.room
    parts = [_reports(page, reported), _people(page, page.tr("People"), room.people.roster())]
    if absent := room.people.absent_members():
        parts.append(_people(page, page.tr("Away"), absent[:MAX_ABSENT]))
    parts.append(_sanctions(page.tr, room))
    role = page.member.role if page.member else None
    if role and has_permission(role, Permission.INVITE) and policy.mode is AccessMode.INVITE:
        parts.append(_invitations(page.tr, policy, new_link))
    if role and has_permission(role, Permission.SEE_AUDIT):
        parts.append(_audit_log(page, entries))
    return concat(parts)


def _people(page: PageContext, heading: str, members: Iterable[Member]) -> Markup:
    return _section(heading, (_person(page.tr, page.member, member) for member in members))


def _person(tr: Translator, moderator: Member | None, member: Member) -> Markup:
    return fill(
        "<li>{name} <small>{role}</small>{button}</li>",
        name=isolated(member.name),
        role=tr(phrases.ROLES[member.role]),
        button=_moderate(tr, moderator, member.ref, member.role),
    )


def _moderate(tr: Translator, moderator: Member | None, target: UserRef, role: Role) -> Markup:
    """Render the button that opens the actions against a member, if the moderator may take any."""
    if moderator is None or not has_permission(moderator.role, Permission.MUTE, role):
        return Markup()
    return button(tr("Moderate %(name)s", name=target.name), "--person", target.id)


def _reports(page: PageContext, reported: Mapping[ReportKey, Message]) -> Markup:
    reports = page.chat.people.moderation.reports.in_turn()
    rows = (_report(page, report, reported.get(report.key)) for report in reports)
    return _section(page.tr("Reports"), rows, page.tr("No open reports."))


def _report(page: PageContext, report: Report, message: Message | None) -> Markup:
    tr, people, key = page.tr, page.chat.people, "/".join(report.key)
    author = people.find_user(report.author.id)
    names = dict.fromkeys(by.user.name for by in report.reporters)
    reasons = dict.fromkeys(by.reason for by in report.reporters)
    details = [place(page, report.room_id), tr("reported by %(name)s", name=tr.join([*names])), *reasons]
    if message is None:
        details.append(tr("The message was deleted."))
    elif message.edited and message.edited > report.at:
        details.append(tr("edited"))
    buttons = (
        _moderate(tr, page.member, author, people.role_of(author.id)) if author else "",
        button(tr("Delete"), "--delete-reported", key) if message else "",
        button(tr("Resolve"), "--resolve", key),
    )
    return fill(
        "<li>{author} <span dir=auto>{text}</span> <small>{details}</small><span class=pair>{buttons}</span></li>",
        author=isolated(report.author.name),
        text=_reported_text(page, report, message),
        details=SEPARATOR.join(filter(None, details)),
        buttons=concat(buttons),
    )


def _reported_text(page: PageContext, report: Report, message: Message | None) -> str:
    """Render the text, as a link to the message if it is there, in a room that the moderator may see."""
    text = to_plain(report.text or (message.excerpt if message else ""), 200)
    room = page.chat.directory.get(report.room_id)
    if message is None or room is None or not may_see(room, page.member_id):
        return text
    return fill('<a href="{path}#m-{id}">{text}</a>', path=room_path(room), id=message.id, text=text)


def _sanctions(tr: Translator, room: Room) -> Markup:
    now, moderation = clock.now(), room.moderation
    bans = (_sanction(tr, ban, button(tr("Unban"), "--unban", ban.target.id)) for ban in moderation.bans.in_force(now))
    mutes = (
        _sanction(tr, mute, button(tr("Unmute"), "--unmute", mute.target.id)) for mute in moderation.mutes.in_force(now)
    )
    return _section(tr("Bans and mutes"), (*bans, *mutes), tr("No bans or mutes."))


def _sanction(tr: Translator, sanction: Sanction, lift: Markup) -> Markup:
    until = deadline(tr, sanction.until) if sanction.until else tr("permanently")
    return fill(
        "<li>{name} <small>{details}</small>{lift}</li>",
        name=isolated(sanction.target.name),
        details=SEPARATOR.join(filter(None, (until, sanction.reason))),
        lift=lift,
    )


def _invitations(tr: Translator, policy: AccessPolicy, new_link: str) -> Markup:
    rows = [fill("<li>{link}</li>", link=link_to_copy(tr, new_link))] if new_link else []
    rows += [_invitation(tr, invitation) for invitation in policy.invitations.open(clock.now())]
    create = fill("<p>{button}</p>", button=button(tr("New invitation"), "--invite"))
    return _section(tr("Invitations"), rows, tr("No invitations."), create)


def _invitation(tr: Translator, invitation: Invitation) -> Markup:
    details = (
        tr("by %(name)s", name=invitation.created_by.name) if invitation.created_by.name else "",
        deadline(tr, invitation.until),
        tr.plural("used %(count)s time", "used %(count)s times", invitation.uses),
    )
    return fill(
        "<li><code>{id}</code> <small>{details}</small>{revoke}</li>",
        id=invitation.id,
        details=SEPARATOR.join(filter(None, details)),
        revoke=button(tr("Revoke"), "--revoke", invitation.id),
    )


def _audit_log(page: PageContext, entries: list[AuditEntry]) -> Markup:
    tr = page.tr
    download = fill('<p><a href="audit.jsonl" download>{label}</a></p>', label=tr("Download"))
    return _section(tr("Audit log"), (describe(page, entry) for entry in entries), tr("Nothing yet."), download)


def _section(heading: str, rows: Iterable[Markup], empty: str = "", intro: str = "") -> Markup:
    listed = concat(rows)
    return fill(
        "<section><h2>{heading}</h2>{intro}{content}</section>",
        heading=heading,
        intro=intro,
        content=fill("<ul>{rows}</ul>", rows=listed) if listed else fill("<p class=empty>{text}</p>", text=empty),
    )
