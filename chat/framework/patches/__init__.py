"""Changes to how NiceGUI itself works, each in a module that states its savings and when it can go.

`tests/unit/framework` fails when an upgrade breaks an assumption of a patch.
"""

from chat.framework.patches.element_cycles import free_deleted_elements
from chat.framework.patches.engineio_sockets import serve_websockets_only
from chat.framework.patches.escaping import escape_by_search
from chat.framework.patches.outbox import sleep_until_enqueued, write_at_once
from chat.framework.patches.page_cookies import bind_pages_to_cookies
from chat.framework.patches.session_files import CopySession, write_sessions_seldom
from chat.framework.patches.signatures import remember_signatures
from chat.framework.patches.stale_events import ignore_stale_events


def apply_patches(copy_session: CopySession | None = None) -> None:
    """Apply all patches; applying them again changes nothing."""
    serve_websockets_only()
    sleep_until_enqueued()
    write_at_once()
    remember_signatures()
    escape_by_search()
    free_deleted_elements()
    ignore_stale_events()
    bind_pages_to_cookies()
    write_sessions_seldom(copy_session)
