"""The lines between messages as sentences: who came, who did what."""

from collections.abc import Callable
from datetime import datetime

from chat.domain.commands.registry import N_
from chat.domain.moderation.events import (
    Banned,
    Kicked,
    MessagesPurged,
    Muted,
    RoomLocked,
    SlowModeChanged,
    Unbanned,
    Unmuted,
)
from chat.domain.rooms.timeline import (
    HistoryClearedNotice,
    JoinLeaveSummary,
    JoinOrLeave,
    Notice,
    PublicModerationEvent,
    RenamedNotice,
    RoleChangedNotice,
    TopicChangedNotice,
)
from chat.domain.users import Role
from chat.i18n.translator import Translator
from chat.text.markup.renderer import to_plain

# Whole sentences: not every language can put any role into the same one.
APPOINTED = {
    Role.GUEST: N_("%(name)s is a guest now"),
    Role.MEMBER: N_("%(name)s is a member now"),
    Role.MODERATOR: N_("%(name)s is a moderator now"),
    Role.ADMIN: N_("%(name)s is an admin now"),
    Role.OWNER: N_("%(name)s is an owner now"),
}


def notice(_: Translator, item: Notice, mark: Callable[[str], str]) -> str:
    """A line between messages; `mark` makes a name safe and visible in the place where it is shown."""
    match item:
        case RenamedNotice(before=before, after=after):
            return _("%(before)s is now called %(after)s", before=mark(before), after=mark(after))
        case RoleChangedNotice(name=name, role=role):
            return _(APPOINTED[role], name=mark(name))
        case TopicChangedNotice(name=name, topic=""):
            return _("%(name)s removed the topic", name=mark(name))
        case TopicChangedNotice(name=name, topic=topic):
            return _("%(name)s changed the topic: %(topic)s", name=mark(name), topic=mark(to_plain(topic, len(topic))))
        case HistoryClearedNotice(name=name):
            return _("%(name)s cleared the history", name=mark(name))
        case (
            Muted() | Unmuted() | Kicked() | Banned() | Unbanned() | MessagesPurged() | SlowModeChanged() | RoomLocked()
        ):
            return _measure(_, item, mark)
        case JoinLeaveSummary():
            moves = (_moved(_, item, verb, mark) for verb in (JoinOrLeave.JOINED, JoinOrLeave.LEFT))
            return _.concat(" · ", filter(None, moves))


def _measure(_: Translator, item: PublicModerationEvent, mark: Callable[[str], str]) -> str:
    by = mark(item.by.name)
    match item:
        case Muted(whom=whom, at=at, until=until):
            time = _.duration(round((until - at).total_seconds()))
            return _("%(name)s was muted by %(by)s (%(time)s)", name=mark(whom.name), by=by, time=time)
        case Unmuted(whom=whom):
            return _("%(by)s lets %(name)s speak again", name=mark(whom.name), by=by)
        case Kicked(whom=whom):
            return _("%(name)s was sent out by %(by)s", name=mark(whom.name), by=by)
        case Banned(whom=whom, at=at, until=datetime() as until):
            time = _.duration(round((until - at).total_seconds()))
            return _("%(name)s was banned by %(by)s (%(time)s)", name=mark(whom.name), by=by, time=time)
        case Banned(whom=whom):
            return _("%(name)s was banned by %(by)s", name=mark(whom.name), by=by)
        case Unbanned(whom=whom):
            return _("%(by)s lets %(name)s come back", name=mark(whom.name), by=by)
        case MessagesPurged(whom=whom, messages=messages):
            return _.plural(
                "%(by)s deleted %(count)s message of %(name)s",
                "%(by)s deleted %(count)s messages of %(name)s",
                len(messages),
                name=mark(whom.name),
                by=by,
            )
        case SlowModeChanged(seconds=0):
            return _("%(by)s ended slow mode", by=by)
        case SlowModeChanged(seconds=seconds):
            return _("%(by)s turned on slow mode: %(time)s between two messages", by=by, time=_.duration(seconds))
        case RoomLocked(on=True):
            return _("%(by)s locked the room", by=by)
        case RoomLocked():
            return _("%(by)s unlocked the room", by=by)


def _moved(_: Translator, item: JoinLeaveSummary, verb: JoinOrLeave, mark: Callable[[str], str]) -> str:
    names = [mark(name) for name in item.names(verb)]
    shown = names[:3]
    if not shown:
        return ""
    if len(names) > len(shown):
        others = len(names) - len(shown)
        shown.append(_.plural("%(count)s other", "%(count)s others", others))
    listed = _.join(shown)
    if verb is JoinOrLeave.JOINED:
        return _.plural("%(names)s joined", "%(names)s joined", len(names), names=listed)
    return _.plural("%(names)s left", "%(names)s left", len(names), names=listed)
