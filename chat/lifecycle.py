"""The lifecycle of the program: its start, its regular tasks, and its end."""

from typing import TYPE_CHECKING

from nicegui import app as nicegui_app

from chat.framework import clients
from chat.framework.patches.session_files import write_changed_sessions
from chat.storage.json_files.disk.folder_lock import FolderLock
from chat.ui.app_context import AppContext
from chat.web.memory import ClosedPageCollector

if TYPE_CHECKING:
    from chat.storage.redis.stores import Backend

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
COLLECT_INTERVAL = 2  # seconds between checks whether closed pages are worth a garbage collection


def connect_lifecycle(context: AppContext, lock: FolderLock, engine: "Backend | None") -> None:
    """Start the timers of the program, and close everything before it ends."""
    collector = ClosedPageCollector(clients.count_clients)
    nicegui_app.on_delete(collector.note_closed)
    nicegui_app.on_delete(clients.release)
    nicegui_app.timer(COLLECT_INTERVAL, collector.collect)
    nicegui_app.timer(DAY, context.sessions.remove_old)
    nicegui_app.timer(HOUR, context.chat.uploads.drop_expired)
    nicegui_app.timer(HOUR, context.chat.avatars.remove_unused, immediate=False)  # first, guests may come back
    nicegui_app.timer(MINUTE, context.chat.file_cleanup.tidy)
    nicegui_app.on_startup(context.chat.start)
    if engine:
        nicegui_app.on_startup(engine.start)

    async def close() -> None:
        write_changed_sessions(context.sessions.loaded)
        if context.pushing:
            await context.pushing.notifications.close()
        await context.chat.close()
        if engine:
            await engine.close()
        lock.release()

    nicegui_app.on_shutdown(close)
