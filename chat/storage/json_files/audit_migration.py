"""Upgrades lines of `audit.jsonl` from version 1, which kept a flat summary instead of the event."""

from chat.storage.json_files.validation import Row

KINDS = {
    "clear": "HistoryCleared", "topic": "TopicChanged", "delete": "MessageDeleted", "purge": "MessagesPurged",
    "role": "RoleChanged", "mute": "Muted", "unmute": "Unmuted", "kick": "Kicked", "ban": "Banned",
    "unban": "Unbanned", "slow": "SlowModeChanged", "filter": "WordFilterChanged", "report": "MessageReported",
    "settle": "ReportResolved", "invite": "InvitationCreated", "revoke": "InvitationRevoked",
}  # fmt: skip


def upgrade_entry(row: Row) -> Row:
    """Return the event that a line of version 1 describes. Raises `KeyError` or `ValueError` for any other line."""
    act, what = row["act"], row.get("what", "")
    event: Row = {"at": row["at"], "room_id": row["room"], "actor": row["by"]}
    if "whom" in row:
        event["target"] = row["whom"]
    if row.get("why"):
        event["reason"] = row["why"]
    if row.get("until"):
        event["until"] = row["until"]
    if act == "lock":
        return event | {"kind": "RoomLocked" if what == "on" else "RoomUnlocked"}
    return event | _details(act, what, row) | {"kind": KINDS[act]}


def _details(act: str, what: str, row: Row) -> Row:
    match act:
        case "topic":
            return {"topic": what}
        case "delete" | "report" | "settle":
            return {"message_id": what}
        case "purge":
            return {"message_ids": [""] * _leading_number(what)}
        case "slow":
            return {"seconds": _leading_number(what)}
        case "role":
            before, _, role = what.partition(" -> ")
            return {"before": before, "role": role}
        case "filter":
            words = what.split()
            return {
                "added": [word[1:] for word in words if word.startswith("+")],
                "removed": [word[1:] for word in words if word.startswith("-")],
            }
        case "invite":
            return {"invitation": _invitation(what, row)}
        case "revoke":
            return {"invitation_id": what}
    return {}


def _leading_number(text: str) -> int:
    """Return 3 for `3 messages` and 30 for `30 s`."""
    return int(text.partition(" ")[0])


def _invitation(invitation_id: str, row: Row) -> Row:
    until = row.get("until", row["at"])
    return {"id": invitation_id, "digest": "", "created_by": row["by"], "created": row["at"], "until": until}
