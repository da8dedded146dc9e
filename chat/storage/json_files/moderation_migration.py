"""Upgrades `moderation.json` from versions 1 to 6."""

from chat.domain.rooms.directory.room_info import LOBBY
from chat.storage.json_files.validation import Row

_RESTRICTIONS = ("slow_mode_seconds", "slow_mode_by", "locked", "locked_by")
_SANCTION = {"whom": "target", "by": "actor", "marks": "identifiers", "why": "reason"}
_REPORT = {
    "message": "message_id",
    "by": "actor",
    "why": "reason",
    "settled": "resolved_by",
    "settled_at": "resolved_at",
}


def upgrade_moderation(content: Row) -> Row:
    """Return the content in the current format. The number of version 1 could be left out.

    Until version 3 there was only the lobby; until version 4, each reporter had a report of their own; until version 5,
    reports named no room; until version 6, there was no journal.
    """
    if content.get("version") == 6:
        return content
    if content.get("version") == 5:
        return {**content, "reports": [{"room_id": LOBBY, **row} for row in content.get("reports", [])]}
    content = _renamed(content, {"slow": "slow_mode_seconds", "words": "blocked_words"})
    for kind in ("mutes", "kicks", "bans"):
        content[kind] = [_renamed(row, _SANCTION) for row in content.get(kind, [])]
    content["reports"] = _joined([{"room_id": LOBBY, **_renamed(row, _REPORT)} for row in content.get("reports", [])])
    lobby = {name: content.pop(name) for name in _RESTRICTIONS if name in content}
    return {"rooms": {LOBBY: lobby} if lobby else {}, **content}


def _joined(rows: list[Row]) -> list[Row]:
    """Return one report for each message; it is open if one of its reports was."""
    reports: dict[str, Row] = {}
    for row in sorted(rows, key=lambda row: not row.get("resolved_by")):  # resolved ones first: the last row decides
        reporter = {"user": row.pop("actor"), "at": row.pop("at"), "reason": row.pop("reason", "")}
        before = reports.pop(row["message_id"], {})
        text = before.get("text") or row.get("text", "")
        reports[row["message_id"]] = {**row, "text": text, "reporters": [*before.get("reporters", []), reporter]}
    return list(reports.values())


def _renamed(row: Row, names: dict[str, str]) -> Row:
    return {names.get(name, name): value for name, value in row.items()}
