"""Announces changes of people in a timeline."""

from datetime import datetime

from chat.domain.rooms.notices import JoinOrLeave, PresenceChange, RenamedNotice, RoleChangedNotice
from chat.domain.rooms.timeline import Timeline
from chat.domain.users import Member, Role


def announce_change(timeline: Timeline, before: Member | None, after: Member | None, at: datetime) -> None:
    """Add notices of what changed about a member, who is None while absent. Signing up isn't announced."""
    if before is None and after is not None:
        timeline.add_join_or_leave(PresenceChange(after.id, after.name, JoinOrLeave.JOINED, at))
    elif before is not None and after is None:
        timeline.add_join_or_leave(PresenceChange(before.id, before.name, JoinOrLeave.LEFT, at))
    elif before is not None and after is not None:
        if before.name != after.name:
            timeline.add(RenamedNotice(at, before.name, after.name))
        if before.role is not after.role and {before.role, after.role} - {Role.GUEST, Role.MEMBER}:
            timeline.add(RoleChangedNotice(at, after.name, after.role))
