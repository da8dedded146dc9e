"""The operator's command `python main.py reset-password NAME`, for a chat that is stopped."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from chat.config.settings import Settings
from chat.domain.accounts.access_policy import AccessMode
from chat.domain.accounts.events import AccountEvent
from chat.domain.errors import ChatError, StartupError
from chat.domain.people.people import People
from chat.i18n.error_messages import describe_error
from chat.i18n.translator import translator
from chat.open_stores import OpenedStores, open_stores
from chat.state.accounts.login_throttle import LoginThrottle
from chat.state.accounts.password_resets import PasswordResetService
from chat.state.accounts.passwords import Passwords
from chat.state.pipeline.event_bus import EventBus
from chat.state.pipeline.event_pipeline import EventPipeline
from chat.storage.json_files.disk.folder_lock import FolderInUse, FolderLock


def reset_password(settings: Settings, name: str, url: str) -> list[str]:
    """Create a link for the account with this name; return lines for the operator. `url` is the chat's.

    Raises `StartupError` if the chat is running, or there is no such account.
    """
    if settings.access is AccessMode.SSO:
        raise StartupError(f"CHAT_ACCESS={settings.access}: people sign in without a password")
    folder = settings.data_dir.resolve()
    with _locked(folder):
        _check_owner(folder)
        try:
            account_name, token = asyncio.run(_create(open_stores(settings), name))
        except ChatError as problem:
            reason = describe_error(translator("en"), problem)
            raise StartupError(f"{reason} The accounts are those in {folder} (CHAT_DATA_DIR).") from None
    lines = [
        f"With this link, {account_name} can choose a new password within 24 hours, once the chat runs again:",
        f"{url}/reset/{token}",
    ]
    if not settings.public_url:
        lines.append("If people reach the chat at another address, replace the beginning of the link by that.")
    return lines


async def _create(opened: OpenedStores, name: str) -> tuple[str, str]:
    stores = opened.stores
    people = People(timedelta(), accounts=stores.accounts.load())
    pipeline = EventPipeline(EventBus(), stores.audit_log)
    pipeline.attach(AccountEvent, people.apply, stores.accounts)
    resets = PasswordResetService(people, pipeline, Passwords(), LoginThrottle())
    account, token = await resets.create_for_operator(name)
    await pipeline.close()
    if opened.engine:
        await opened.engine.close()
    return account.name, token


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    lock = FolderLock(folder)
    try:
        lock.acquire()
    except FolderInUse:
        raise StartupError(
            f"The chat in {folder} is running. Stop it, run this again, and start it; or let an admin of the chat "
            "create the link (Moderation in the menu)."
        ) from None
    try:
        yield
    finally:
        lock.release()


def _check_owner(folder: Path) -> None:
    """Refuse to write files that the chat, which runs as another user, could no longer read."""
    file = folder / "accounts.json"
    if hasattr(os, "geteuid") and file.exists() and file.stat().st_uid != os.geteuid():
        raise StartupError(f"{file} belongs to {file.owner()}: run this as that user")
