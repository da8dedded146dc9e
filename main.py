"""Composition root: settings, store, chat, pages and routes, server. Run it with `python main.py`."""

import gc
import os
import secrets
import socket
import sys
from datetime import timedelta
from pathlib import Path

from nicegui import Client, app, core, ui
from nicegui.client import templates
from nicegui.storage import Storage
from starlette.types import ASGIApp
from starlette_compress import CompressMiddleware

from chat import log_config as logs
from chat.branding import Brand, Logo
from chat.domain.accounts.access_policy import AccessMode, AccessPolicy
from chat.domain.accounts.directory import Accounts
from chat.domain.accounts.invitations import Invitations
from chat.domain.accounts.shared_password import SharedPassword
from chat.domain.errors import StartupError
from chat.framework import patches as relief
from chat.framework.templates import adapt
from chat.settings import Settings
from chat.state.accounts import AccountService
from chat.state.chat import Chat
from chat.state.invitations import InvitationService
from chat.state.passwords import Passwords
from chat.storage.json_files.accounts import AccountsFile
from chat.storage.json_files.invitations import InvitationsFile
from chat.storage.json_files.message_store import JsonStore
from chat.storage.json_files.moderation import JsonModerationStore
from chat.ui.app_context import AppContext
from chat.ui.notifications import Notifications
from chat.ui.page_registry import PageRegistry
from chat.ui.pages import moderation as admin
from chat.ui.pages import room as page
from chat.ui.room_view import RoomViews
from chat.web.authentication import Authenticator
from chat.web.farewell import announce_shutdown
from chat.web.memory import ClosedPageCollector
from chat.web.routes import exports as web
from chat.web.routes import sign_in as ways_in
from chat.web.security.frame_validation import FRAME_LIMIT
from chat.web.security.http_protocol import Connection
from chat.web.security.middleware import SecurityMiddleware, ignore_stale_events, register_error_handlers
from chat.web.security.rate_limits import Limits
from chat.web.sessions import Sessions

ASSETS = Path(__file__).parent / "assets"
YEAR = 365 * 24 * 60 * 60
FAREWELL = 0.3  # seconds for the pages to hear that the server restarts
TIDY = 2  # seconds between looks at how many pages were closed
TAB_STORAGE_AGE = 60  # seconds; we keep nothing there


def main() -> None:
    """Build everything and serve until told to stop."""
    os.umask(0o077)  # whatever is written is for its owner: the history, the sessions
    settings = Settings.from_environment()
    logs.configure(settings.log_level)
    secret = settings.signing_secret()
    password = settings.admin_password.get_secret_value() if settings.admin_password else secrets.token_urlsafe(12)
    check_port(settings.host, settings.port)

    store = JsonStore(settings.history_file, settings.history_limit)
    accounts_file = AccountsFile(settings.data_dir / "accounts.json")
    accounts = Accounts(accounts_file.load())
    chat = Chat(
        store,
        SharedPassword(password),
        grace=timedelta(seconds=settings.grace),
        message_rate=settings.message_rate,
        records=JsonModerationStore(settings.data_dir),
        reserved_by=accounts.reserved_by,
    )
    registrar = AccountService(accounts, accounts_file, Passwords(), chat)
    invitations = open_door(settings, chat)
    relief.apply_patches()
    logo = Logo.load(settings.logo) if settings.logo else None
    brand = Brand(settings.title, settings.welcome, settings.accent, logo)
    boards = RoomViews(chat, brand)
    Storage.path = settings.data_dir.resolve() / ".nicegui"
    sessions = Sessions(chat.leave, Storage.path / "storage-seen.json")
    registrar.subscribe(sessions.forget)
    authenticator = Authenticator(chat, registrar, invitations, sessions)
    pages = PageRegistry()
    house = AppContext(chat, registrar, invitations, sessions, authenticator, boards, Notifications(chat), pages, brand)
    version = int((ASSETS / "chat.css").stat().st_mtime)
    page.register(house, version)
    admin.register(house, version)
    ways_in.register(app, house.sessions, invitations.door)
    if settings.sso_url:
        from chat.state.single_sign_on import SingleSignOn  # noqa: PLC0415 - what it needs costs 10 MB

        sso = SingleSignOn(settings.sso_url, settings.sso_client_id, settings.sso_client_secret.get_secret_value())
        ways_in.register_sso(app, house.sessions, registrar, sso)
    web.register(app, chat, brand, authenticator.current_member)

    app.add_middleware(CompressMiddleware, zstd=False)
    app.add_static_files("/assets", ASSETS, max_cache_age=YEAR)
    guard(settings, house)

    async def started() -> None:
        await chat.start()
        url = f"http://{shown_host(settings.host)}:{settings.port}"
        print(f"{settings.title} is ready at {url}", flush=True)
        if settings.access is AccessMode.INVITE and not len(accounts):
            print(f"Sign up as the owner: {url}/invite/{invitations.invite_owner()}", flush=True)
        if not settings.admin_password:
            print(f"Admin password for this run (type /admin and it): {password}", flush=True)
        announce_shutdown(boards.announce_restart, FAREWELL)
        # A full collection stops everybody for a moment: leave out what stays anyway, and have one in some 300 page
        # loads (a page is about 3,000 objects, and closed pages are freed by it).
        gc.collect()
        gc.freeze()
        gc.set_threshold(10_000, 10, 10)

    app.on_startup(started)
    app.on_shutdown(registrar.close)
    app.on_shutdown(chat.close)
    ui.run(
        host=settings.host,
        port=settings.port,
        title=settings.title,
        favicon=settings.logo or ASSETS / "favicon.svg",
        dark=None,
        language="en-US",
        show=False,
        reload=False,
        show_welcome_message=False,
        tailwind=False,
        gzip_middleware_factory=None,
        binding_refresh_interval=None,
        reconnect_timeout=settings.grace,
        storage_secret=secret,
        session_middleware_kwargs={"max_age": YEAR, "same_site": "lax"},
        workers=1,
        timeout_graceful_shutdown=3,
        ws_per_message_deflate=False,
        ws_max_size=FRAME_LIMIT,
        ws_ping_interval=None,  # Socket.IO has pings of its own
        http=Connection,
        proxy_headers=False,
        server_header=False,
        log_config=None,
    )


def guard(settings: Settings, house: AppContext) -> None:
    """Put the edge around everything."""
    limits = Limits(settings.request_rate, settings.pages_per_address)
    edge = SecurityMiddleware(
        settings.trusted_hops, limits, house.pages.open_pages, relief.forget, core.sio.eio.sockets
    )

    def build() -> ASGIApp:
        app.user_middleware[:] = relief.plain_asgi_middlewares(app.user_middleware)
        return edge.around(relief.straight(app, type(app).build_middleware_stack(app)))

    app.build_middleware_stack = build  # type: ignore[method-assign]  # `add_middleware` adds inside of `ui.run`'s
    register_error_handlers(app)
    adapt(templates.env)
    ignore_stale_events(core.sio.handlers["/"])
    core.sio.eio.transports = ["websocket"]
    app.config.socket_io_js_transports = ["websocket"]
    Storage.max_tab_storage_age = TAB_STORAGE_AGE
    tidy = ClosedPageCollector(lambda: len(Client.instances))
    app.on_delete(tidy.note_closed)
    app.timer(TIDY, tidy.tidy)


def open_door(settings: Settings, chat: Chat) -> InvitationService:
    """The door as it is set."""
    file = InvitationsFile(settings.data_dir / "invitations.json")
    room_password = settings.room_password.get_secret_value() if settings.room_password else ""
    door = AccessPolicy(settings.access, SharedPassword(room_password, "room"), Invitations(file.load()))
    return InvitationService(door, file, chat.records)


def check_port(host: str, port: int) -> None:
    """Raise `StartupError` if the port can't be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            raise StartupError(f"PORT: can't listen on {host}:{port}: {problem.strerror or problem}") from None


def shown_host(host: str) -> str:
    """The host to put into an address for people."""
    return "localhost" if host in {"0.0.0.0", "::"} else f"[{host}]" if ":" in host else host


if __name__ in {"__main__", "__mp_main__"}:
    try:
        main()
    except StartupError as problem:
        print(problem, file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
