"""Handing pushes to push services: what strangers name as theirs holds up no others."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from chat.domain.accounts.push_devices import PushDevice
from chat.state.pushes.push_sending import UNKNOWN_AT_ONCE, Push, PushOutcome, PushSender
from tests.support.push import device


class Services:
    """Push services, of which those named `silent` never answer; the others fail while `is_failing`."""

    def __init__(self) -> None:
        self.waiting: list[str] = []
        self.is_failing = False

    async def send(self, push: Push) -> PushOutcome:
        if "silent" in push.device.endpoint:
            self.waiting.append(push.device.endpoint)
            await asyncio.Event().wait()
        return PushOutcome.FAILED if self.is_failing else PushOutcome.TAKEN

    async def close(self) -> None:
        pass


async def remove(_device_id: str) -> None:
    pass


def at(service: str) -> PushDevice:
    return device("phone", endpoint=f"https://{service}.example/1")


@pytest.fixture
async def services() -> Services:
    return Services()


@pytest.fixture
async def sender(services: Services) -> AsyncIterator[PushSender]:
    """Hand over to a sender that had a push taken at `good`, and has many that wait for silent services."""
    sender = PushSender(services, remove)
    assert await sender.send(at("good"), "tea", bytes) is PushOutcome.TAKEN
    tasks = [asyncio.create_task(sender.send(at(f"silent{number}"), "tea", bytes)) for number in range(100)]
    await asyncio.sleep(0)
    yield sender
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_few_unknown_services_are_waited_for(services: Services, sender: PushSender):
    assert len(services.waiting) == UNKNOWN_AT_ONCE


async def test_service_that_took_a_push_waits_for_no_other(sender: PushSender):
    async with asyncio.timeout(5):
        assert await sender.send(at("good"), "tea", bytes) is PushOutcome.TAKEN


async def test_service_that_fails_is_unknown_again(services: Services, sender: PushSender):
    services.is_failing = True
    assert await sender.send(at("good"), "tea", bytes) is PushOutcome.FAILED
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await sender.send(at("good"), "tea", bytes)
