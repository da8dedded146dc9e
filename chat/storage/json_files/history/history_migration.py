"""Upgrades `chat_log.json` and the journal from versions 1 and 2."""

from chat.storage.json_files.validation import Row

EPOCH = "1970-01-01T00:00:00Z"  # version 2 didn't record the time of a deletion


def upgrade_log(content: Row) -> Row:
    """Return the content in the current format: until version 2 `last_event` was called `folded`."""
    return {"last_event" if name == "folded" else name: value for name, value in content.items()}


def upgrade_event(row: Row) -> Row:
    """Return a journal line of version 2 in the current format. Unknown kinds stay as they are. Raises `KeyError`."""
    row = dict(row)
    if "room" in row:
        row["room_id"] = row.pop("room")
    match row["kind"]:
        case "MessageEdited":
            row["message_id"] = row.pop("message")
        case "MessageDeleted":
            actor, target = {"id": row.pop("by"), "name": ""}, {"id": "", "name": ""}
            row |= {"message_id": row.pop("message"), "actor": actor, "target": target, "at": EPOCH}
        case "Reacted":
            row["kind"] = "ReactionAdded" if row.pop("on") else "ReactionRemoved"
            row |= {"message_id": row.pop("message"), "member_id": row.pop("member")}
        case "TopicChanged" | "HistoryCleared":
            row["actor"] = {"id": row.pop("by"), "name": row.pop("name")}
        case "AuthorAnonymised":
            row["kind"] = "AuthorAnonymized"
            row |= {"author_id": row.pop("author"), "pseudonym": row.pop("alias")}
    return row
