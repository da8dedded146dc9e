"""Upgrades `chat_log.json` and the journal from versions 1 to 5."""

from chat.storage.json_files.validation import Row

EPOCH = "1970-01-01T00:00:00Z"  # version 2 didn't record the time of a deletion


def upgrade_log(content: Row) -> Row:
    """Return the content in the current format.

    Until version 3 only the journal's events had numbers, and the file the last of those that are in it, which version
    2 called `folded`. Its messages now have the numbers from 1. Version 4 had no files, and version 5 no previews of
    links, both of which may be missing.
    """
    if content["version"] >= 4:
        return content
    content = dict(content)
    journaled = content.pop("folded" if content["version"] < 3 else "last_event", 0)
    messages = [{**row, "number": number} for number, row in enumerate(content["messages"], 1)]
    return {**content, "last": len(messages), "last_of_earlier_journal": journaled, "messages": messages}


def upgrade_event(version: int, row: Row) -> Row:
    """Return a journal line of versions 2 to 5 in the current format; until version 3, without a number of its own.

    Unknown kinds stay as they are. Raises `KeyError`.
    """
    return _rename_fields(row) if version < 3 else row


def _rename_fields(row: Row) -> Row:
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
