"""Delivers pushes, and loads the libraries for that with the first one."""

import asyncio
import ssl
from typing import TYPE_CHECKING

from chat.state.pushes.push_sending import Push, PushOutcome

if TYPE_CHECKING:
    from chat.web.push.delivery import PushDelivery


class PushOnDemand:
    """A `PushService`. The chat's key is derived from the `secret` that signs the session cookies."""

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._opening: asyncio.Future[PushDelivery] | None = None

    async def public_key(self) -> str:
        """Return the key that a browser needs to get pushes of this chat."""
        return (await self._open()).public_key

    async def send(self, push: Push) -> PushOutcome:
        return await (await self._open()).send(push)

    async def close(self) -> None:
        if self._opening:
            await (await self._opening).close()

    async def _open(self) -> "PushDelivery":
        if self._opening is None:
            self._opening = asyncio.ensure_future(asyncio.to_thread(self._load))
        return await asyncio.shield(self._opening)

    def _load(self) -> "PushDelivery":
        from chat.web.push.addresses import PublicNetwork  # noqa: PLC0415 - its libraries take some megabytes
        from chat.web.push.delivery import PushDelivery  # noqa: PLC0415
        from chat.web.push.keys import PushKeys  # noqa: PLC0415

        return PushDelivery(PushKeys(self._secret), PublicNetwork(), ssl.create_default_context())
