"""Push devices as a use case: members turn pushes on and off in their browsers."""

import asyncio
from collections.abc import Set
from dataclasses import replace

from chat.domain.accounts.events import AccountDeleted
from chat.domain.accounts.preferences import Preferences
from chat.domain.accounts.push_devices import PushDevice, PushDeviceRemoved, PushDevices, PushDeviceSaved, PushEvent
from chat.domain.messages.message import Message
from chat.state.pipeline.event_pipeline import EventPipeline
from chat.state.rate_limits import WriteLimit
from chat.storage.base import StateStore

DELAY = 1.0  # seconds until changed preferences are saved


class PushDeviceService:
    """Saves and removes push devices, and keeps their preferences as the members choose them."""

    def __init__(self, pipeline: EventPipeline, store: StateStore[PushDevices, PushEvent], limit: WriteLimit) -> None:
        self._devices = store.load()
        self._chosen: dict[str, tuple[str, Preferences]] = {}
        self._pipeline = pipeline
        self._limit = limit
        pipeline.attach(PushEvent, self._devices.apply, store, self._devices.restore)

    def get(self, browser_id: str) -> PushDevice | None:
        return self._devices.get(browser_id)

    def of(self, browser_id: str, member_id: str) -> PushDevice | None:
        """Return the device of a member's browser, if pushes are on in it."""
        device = self._devices.get(browser_id)
        return device if device and device.member_id == member_id else None

    def of_member(self, member_id: str) -> list[PushDevice]:
        return self._devices.of_member(member_id)

    def reaches(self, member_id: str) -> bool:
        """Tell whether messages can be pushed to a member."""
        return bool(self._devices.of_member(member_id))

    def concerned_by(self, message: Message, members: Set[str] | None) -> list[PushDevice]:
        return self._devices.concerned_by(message, members)

    def count(self, member_id: str) -> None:
        """Count a push that a member requested; raises `TextRefused` if there were too many."""
        self._limit.count(member_id)

    async def save(self, device: PushDevice) -> None:
        """Turn pushes on in a member's browser, or note what changed about it.

        Raises `TextRefused` after too many changes, or `AccountsUnwritable`.
        """
        if self.get(device.id) != device:
            self._limit.count(device.member_id)
            await self._pipeline.submit(PushDeviceSaved(device))

    async def remove(self, browser_id: str) -> None:
        """Turn pushes off in a browser; raises `AccountsUnwritable`."""
        if self.get(browser_id):
            await self._pipeline.submit(PushDeviceRemoved(browser_id))

    def forget(self, browser_id: str) -> None:
        """Turn pushes off in a browser in the background."""
        if self.get(browser_id):
            self._pipeline.start(self.remove(browser_id))

    def forget_member(self, event: AccountDeleted) -> None:
        """Remove the devices of a deleted account."""
        for device in self._devices.of_member(event.account.id):
            self.forget(device.id)

    def follow(self, browser_id: str, member_id: str, preferences: Preferences) -> None:
        """Use a browser's preferences for its pushes, and the levels of rooms on all devices of the member.

        Of several changes in a moment, the newest counts.
        """
        if self.reaches(member_id):
            if browser_id not in self._chosen:
                asyncio.get_running_loop().call_later(DELAY, self._save_chosen, browser_id)
            self._chosen[browser_id] = member_id, preferences.for_push()

    def _save_chosen(self, browser_id: str) -> None:
        member_id, chosen = self._chosen.pop(browser_id)
        for device in self._devices.of_member(member_id):
            is_here = device.id == browser_id
            wanted = chosen if is_here else replace(device.preferences, levels=chosen.levels)
            if wanted != device.preferences:
                self._pipeline.start(self._pipeline.submit(PushDeviceSaved(replace(device, preferences=wanted))))
