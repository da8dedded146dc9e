"""The composition root: builds every part of the chat and connects them."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.types import ASGIApp

from chat.config.branding import Brand, Logo
from chat.config.settings import Settings
from chat.config.signing_secret import load_secret
from chat.domain.accounts.access_policy import AccessMode, AccessPolicy
from chat.domain.accounts.events import AccountDeleted
from chat.domain.accounts.shared_password import SharedPassword
from chat.framework import hosting
from chat.framework.session_cookie import chosen_language
from chat.framework.session_recall import SessionRecall
from chat.lifecycle import connect_lifecycle
from chat.open_stores import open_stores
from chat.previews.fetcher import Fetcher
from chat.previews.finder import PreviewFinder
from chat.routes import ASSETS, register_routes, static_files, stylesheet_version
from chat.security_layer import secure
from chat.shared_sessions import save_session, share_sessions
from chat.state.accounts.accounts import AccountService
from chat.state.accounts.invitations import SECRET_BYTES, InvitationService
from chat.state.accounts.login_throttle import LoginThrottle
from chat.state.accounts.password_attempts import PasswordAttempts
from chat.state.accounts.password_resets import PasswordResetService
from chat.state.accounts.passwords import Passwords
from chat.state.chat import Chat
from chat.state.files.upload_limits import UploadLimits
from chat.state.pushes.push_notifications import PushNotifications
from chat.state.visibility_relay import VisibilityRelay
from chat.storage.json_files.disk.disk import make_private_folder, unusable
from chat.storage.json_files.disk.folder_lock import FolderLock
from chat.storage.stores import Stores
from chat.ui.app_context import AppContext, Pushing
from chat.ui.notifications import Notifications
from chat.ui.page_registry import PageRegistry
from chat.ui.pages.problem import ProblemPage
from chat.ui.views.chat_view import ChatView, ChatViews
from chat.ui.views.room_view import RoomView, RoomViews
from chat.web.authentication import Authenticator
from chat.web.push.on_demand import PushOnDemand
from chat.web.push.payload import PushPayloads
from chat.web.sessions import Sessions

if TYPE_CHECKING:
    from chat.storage.redis.stores import Backend


@dataclass(frozen=True, slots=True)
class Application:
    """The ASGI app, and the functions the server calls after starting and before stopping.

    `greet` takes the URL of the chat and returns lines for the operator.
    """

    asgi: ASGIApp
    greet: Callable[[str], list[str]]
    announce_restart: Callable[[], None]


def create_app(settings: Settings) -> Application:
    """Build the chat. Raises `StartupError` if the settings or files it needs can't be used."""
    lock = FolderLock(settings.data_dir)
    lock.acquire()  # first: nothing of another process in this folder is read, migrated or created
    _prepare_sessions(settings.sessions_dir)
    opened = open_stores(settings)
    stores, engine = opened.stores, opened.engine
    stores.verify()
    secret = _load_secret(settings, engine)
    given = settings.admin_password
    admin_password = given.get_secret_value() if given else _secret_of_this_run("admin-password", 12, engine)
    chat = _create_chat(settings, stores, engine, admin_password)
    passwords, throttle = Passwords(), LoginThrottle(engine.peers if engine else None)
    accounts = AccountService(chat, passwords, throttle)
    password_resets = PasswordResetService(chat.people, chat.pipeline, passwords, throttle)
    invitations = _create_invitations(settings, chat, stores, engine)
    owners_token = "" if len(accounts) else _secret_of_this_run("owners-invitation", SECRET_BYTES, engine)
    if settings.access is AccessMode.INVITE and owners_token:
        invitations.create_for_owner(owners_token)
    sessions = Sessions(chat.members.leave, settings.sessions_dir, engine.sessions if engine else None)
    chat.subscribe(sessions.forget, AccountDeleted)
    authenticator = Authenticator(chat, accounts, invitations, sessions)
    brand = Brand(
        settings.title, settings.welcome, settings.accent, Logo.load(settings.logo) if settings.logo else None
    )
    notifications = Notifications(chat, VisibilityRelay(engine.peers) if engine else None)
    pushing = _create_pushing(authenticator, notifications, brand, secret, engine) if settings.push == "on" else None
    context = AppContext(
        chat,
        accounts,
        password_resets,
        invitations,
        sessions,
        authenticator,
        ChatViews(partial(ChatView, chat)),
        RoomViews(partial(RoomView, chat, brand)),
        notifications,
        PageRegistry(),
        brand,
        pushing=pushing,
    )
    if engine:
        share_sessions(engine, context)
    problem_page = ProblemPage(brand, stylesheet_version(), partial(chosen_language, secret=secret))
    register_routes(settings, context, engine, problem_page)
    favicon = settings.logo or ASSETS / "favicon.svg"
    asgi = hosting.host_nicegui(
        title=settings.title,
        favicon=favicon,
        reconnect_timeout=settings.grace,
        storage_secret=secret,
        storage_dir=settings.sessions_dir,
        copy_session=partial(save_session, engine, context) if engine else None,
    )
    connect_lifecycle(context, lock, engine)

    greet = partial(_greeting, settings, owners_token, admin_password)
    files = static_files(brand, favicon)
    recall_session = SessionRecall(engine.sessions.fetch, secret) if engine else None
    secured = secure(asgi, files, settings, context, problem_page=problem_page, recall_session=recall_session)
    return Application(secured, greet, context.announce_restart)


def _prepare_sessions(folder: Path) -> None:
    try:
        make_private_folder(folder)
    except OSError as problem:
        raise unusable(folder, problem) from None


def _load_secret(settings: Settings, engine: "Backend | None") -> str:
    """Return the key that signs the session cookies, which all processes share."""
    if settings.secret:
        return settings.secret.get_secret_value()
    secret = load_secret(settings.data_dir)
    return engine.share_secret(secret) if engine else secret


def _secret_of_this_run(name: str, size: int, engine: "Backend | None") -> str:
    """Return a new secret, which is that of all processes that run at the same time."""
    secret = secrets.token_urlsafe(size)
    return engine.share_for_this_run(name, secret) if engine else secret


def _create_chat(settings: Settings, stores: Stores, engine: "Backend | None", admin_password: str) -> Chat:
    return Chat(
        stores,
        SharedPassword(admin_password),
        grace=timedelta(seconds=settings.grace),
        message_rate=settings.message_rate,
        room_policy=settings.rooms,
        peers=engine.peers if engine else None,
        upload_limits=UploadLimits(
            settings.upload_limit, settings.upload_quota, settings.files_keep, are_off=settings.uploads == "off"
        ),
        preview_finder=PreviewFinder(Fetcher(), settings.site_url) if settings.previews == "on" else None,
    )


def _create_invitations(settings: Settings, chat: Chat, stores: Stores, engine: "Backend | None") -> InvitationService:
    given = settings.room_password
    room_password = SharedPassword(given.get_secret_value() if given else "", "room")
    if engine:
        PasswordAttempts(room_password, engine.peers)
    policy = AccessPolicy(
        settings.access,
        room_password,
        stores.invitations.load(),
        timedelta(hours=settings.sso_max_age),
    )
    return InvitationService(policy, stores.invitations, chat.pipeline)


def _create_pushing(
    authenticator: Authenticator, notifications: Notifications, brand: Brand, secret: str, engine: "Backend | None"
) -> Pushing:
    chat, service = authenticator.chat, PushOnDemand(secret)
    payloads = PushPayloads(chat.people, brand)
    pushes = PushNotifications(
        chat,
        service,
        describe=payloads.of_news,
        may_receive=authenticator.may_receive,
        is_reading=notifications.sees_page,
        peers=engine.peers if engine else None,
    )
    return Pushing(service, pushes, payloads)


def _greeting(settings: Settings, owners_token: str, admin_password: str, url: str) -> list[str]:
    """Return the lines for the operator, with the secrets of this run."""
    lines = [f"{settings.title} is ready at {url}"]
    if settings.access is AccessMode.INVITE and owners_token:
        lines.append(f"Sign up as the owner: {url}/invite/{owners_token}")
    if not settings.admin_password:
        lines.append(f"Admin password for this run (type /admin and the password): {admin_password}")
    return lines
