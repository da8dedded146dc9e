"""The members who are present."""

from chat.domain.users import Member


class Members(dict[str, Member]):
    """The present members by id, which are also found by their names; to be changed by `put` and `remove` only."""

    def __init__(self) -> None:
        super().__init__()
        self._ids_by_name: dict[str, set[str]] = {}  # one each, unless two processes let the same name in

    def is_named(self, key: str, *, other_than: str) -> bool:
        """Whether another member has a name with this key."""
        return bool(self._ids_by_name.get(key, set()) - {other_than})

    def put(self, member: Member) -> None:
        """Add a member, or replace the one with the same id."""
        if before := self.get(member.id):
            self._release_name(before)
        self[member.id] = member
        self._ids_by_name.setdefault(member.nickname.key, set()).add(member.id)

    def remove(self, member_id: str) -> bool:
        """Remove a member; return whether it was there."""
        member = self.pop(member_id, None)
        if member:
            self._release_name(member)
        return member is not None

    def _release_name(self, member: Member) -> None:
        ids = self._ids_by_name[member.nickname.key]
        ids.remove(member.id)
        if not ids:
            del self._ids_by_name[member.nickname.key]
