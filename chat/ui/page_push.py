"""Pushes in the browser of a page."""

from dataclasses import replace
from datetime import timedelta

from chat.domain.accounts.preferences import Preferences
from chat.domain.accounts.push_devices import PushDevice
from chat.state import clock
from chat.ui.app_context import AppContext
from chat.web.push.subscription import Subscription
from chat.web.session import Session

NOTED_AGAIN_AFTER = timedelta(days=1)  # that a browser is in use


class PagePush:
    """Turns pushes on and off in the browser that has this session, and follows its preferences."""

    def __init__(self, app: AppContext, session: Session, site: str, language: str) -> None:
        self._app = app
        self._session = session
        self._site = site
        self._language = language
        self._devices = app.chat.push_devices

    @property
    def is_offered(self) -> bool:
        return self._app.pushing is not None

    @property
    def is_on(self) -> bool:
        return self._device is not None

    @property
    def _device(self) -> PushDevice | None:
        identity = self._session.identity
        return self._devices.of(self._session.browser_id, identity.id) if identity and self.is_offered else None

    async def public_key(self) -> str:
        """Return the key for the browser's push service."""
        assert self._app.pushing
        return await self._app.pushing.service.public_key()

    async def turn_on(self, found: object) -> None:
        """Push to the endpoint that the browser gives, which is not to be trusted.

        Raises `ValueError`, `TextRefused`, `AccountsUnwritable`.
        """
        subscription, identity = Subscription.parse(found), self._session.identity
        if identity is None:
            raise ValueError("nobody to push to")
        device = PushDevice(
            id=self._session.browser_id,
            member_id=identity.id,
            endpoint=subscription.endpoint,
            p256dh=subscription.p256dh,
            auth=subscription.auth,
            key=await self.public_key(),
            site=self._site,
            language=self._language,
            timezone=subscription.timezone,
            is_phone=subscription.is_phone,
            at=clock.now(),
            preferences=self._session.preferences.for_push(),
            generation=identity.generation,
            sso_at=identity.sso_at,
            session_id=self._session.id,
            admission=self._session.admission,
        )
        before = self._device
        is_same = before is not None and replace(before, at=device.at) == device
        if before is None or not is_same or device.at - before.at > NOTED_AGAIN_AFTER:
            await self._devices.save(device)

    async def turn_off(self) -> None:
        """Stop pushing to this browser; raises `AccountsUnwritable`."""
        await self._devices.remove(self._session.browser_id)

    async def test(self) -> bool:
        """Send a test push to this browser. Return whether its push service took it. Raises `TextRefused`."""
        device, pushing = self._device, self._app.pushing
        if device is None or pushing is None:
            return False
        self._devices.count(device.member_id)
        return await pushing.notifications.test(device, pushing.payloads.of_test(device))

    def follow(self, preferences: Preferences) -> None:
        if self._session.identity:
            self._devices.follow(self._session.browser_id, self._session.identity.id, preferences)

    def stop_for_others(self) -> None:
        """Stop pushing here for a member who used this browser before."""
        device, identity = self._devices.get(self._session.browser_id), self._session.identity
        if device and identity and device.member_id != identity.id:
            self._devices.forget(device.id)
