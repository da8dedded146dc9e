"""All stores of a chat, as files in one folder."""

from pathlib import Path

from chat.storage.files_folder import FilesFolder
from chat.storage.json_files.accounts import account_store
from chat.storage.json_files.audit_log import JsonAuditLog
from chat.storage.json_files.invitations import invitation_store
from chat.storage.json_files.message_store import JsonMessageStore
from chat.storage.json_files.moderation import moderation_store
from chat.storage.json_files.push_devices import push_device_store
from chat.storage.json_files.rooms import JsonRoomStores, directory_store
from chat.storage.stores import Stores

HISTORY = "chat_log.json"


def json_stores(folder: Path, history_limit: int) -> Stores:
    """Return the stores in `folder`; the history keeps `history_limit` messages."""
    return Stores(
        messages=JsonMessageStore(folder / HISTORY, history_limit),
        moderation=moderation_store(folder / "moderation.json"),
        accounts=account_store(folder / "accounts.json"),
        invitations=invitation_store(folder / "invitations.json"),
        rooms=directory_store(folder / "rooms.json"),
        push_devices=push_device_store(folder / "push_devices.json"),
        histories=JsonRoomStores(folder / "rooms", history_limit),
        audit_log=JsonAuditLog(folder / "audit.jsonl"),
        files=FilesFolder(folder / "files"),
        avatars=FilesFolder(folder / "avatars"),
    )
