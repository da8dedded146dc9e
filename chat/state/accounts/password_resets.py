"""Password resets as a use case: one-time links, created by an admin or the operator."""

import secrets

import structlog

from chat.domain.accounts.account import Account
from chat.domain.accounts.events import PasswordResetCreated, PasswordResetUsed
from chat.domain.errors import CommandRefused
from chat.domain.people.people import People
from chat.domain.permissions import Permission, has_permission, require
from chat.state import clock
from chat.state.accounts.account_names import find_account
from chat.state.accounts.invitations import OPERATOR, SECRET_BYTES
from chat.state.accounts.login_throttle import LoginThrottle
from chat.state.accounts.passwords import Passwords, check_password
from chat.state.pipeline.event_pipeline import EventPipeline

log = structlog.get_logger()


class PasswordResetService:
    """Creates links with which members choose a new password, and lets members use them.

    A link is valid for a day, until it is used, or until the password or the role changes. There is one for each
    account: a new one replaces the one before.
    """

    def __init__(self, people: People, pipeline: EventPipeline, passwords: Passwords, throttle: LoginThrottle) -> None:
        self._people = people
        self._directory = people.accounts
        self._pipeline = pipeline
        self._passwords = passwords
        self._throttle = throttle

    def can_create(self, actor_id: str, target_id: str) -> bool:
        """Tell whether the actor may create a link for the target."""
        account = self._directory.get(target_id)
        role = self._people.role_of(actor_id)
        return bool(account and account.has_password and has_permission(role, Permission.RESET_PASSWORDS, account.role))

    async def create(self, actor_id: str, target_id: str) -> str:
        """Return the secret of a new link; raises `NotHere`, `NotAllowed`, `AccountRefused`, `AccountsUnwritable`."""
        self._throttle.check_reset(actor_id)
        token = secrets.token_urlsafe(SECRET_BYTES)

        def create() -> PasswordResetCreated:
            actor = self._people.member(actor_id)
            require(actor.role, Permission.RESET_PASSWORDS, self._people.role_of(target_id))
            return self._directory.create_reset(actor.ref, target_id, token, clock.now())

        await self._pipeline.decide(create)
        log.info("password reset created", actor=actor_id, target=target_id)
        return token

    async def create_for_operator(self, name: str) -> tuple[Account, str]:
        """Return the account with this name, and the secret of a new link; raises a `ChatError`."""
        account = find_account(self._directory, name)
        if account is None:
            raise CommandRefused("nobody-called", name=name)
        token = secrets.token_urlsafe(SECRET_BYTES)
        await self._pipeline.decide(lambda: self._directory.create_reset(OPERATOR, account.id, token, clock.now()))
        return account, token

    def find(self, token: object) -> Account:
        """Return the account that a link is for; raises `AccountRefused` if the link is not valid."""
        return self._directory.find_reset(token, clock.now())

    async def use(self, token: object, password: object, client: str) -> Account:
        """Replace the password, which ends all sessions and the link. `client` is the address that limits count by.

        Raises `AccountRefused` (`reset-over`, `password-…`, `sign-in-paused`), `AccountsUnwritable`.
        """
        account = self.find(token)
        typed = check_password(password, account.name)
        self._throttle.check(f"reset:{account.id}", client)
        hashed = await self._passwords.hash(typed)

        def use() -> PasswordResetUsed:
            return self._directory.use_reset(token, hashed, clock.now())

        event = await self._pipeline.decide(use)
        log.info("password reset used", target=event.actor.id)
        return self._directory.get(event.actor.id) or account
