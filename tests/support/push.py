"""Push devices, and a push service that takes what it is sent."""

import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from chat.domain.accounts.push_devices import PushDevice
from chat.state.pushes.push_sending import Push, PushOutcome

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
P256DH = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"  # of RFC 8291
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
DEVICE = PushDevice(
    "ann's phone",
    "ann",
    "https://push.example/1",
    P256DH,
    AUTH,
    "the chat's key",
    "https://chat.example",
    "en",
    "Europe/Berlin",
    True,
    NOON,
)


def device(name: str, member_id: str = "ann", **fields: Any) -> PushDevice:
    return replace(DEVICE, id=name, member_id=member_id, **{"endpoint": f"https://push.example/{name}", **fields})


def subscribed(name: str, *, is_phone: bool = False, timezone: str = "Europe/Berlin") -> list[Any]:
    """Return what a browser says when pushes are turned on in it."""
    found = {
        "endpoint": f"https://push.example/{name}",
        "expirationTime": None,
        "keys": {"p256dh": P256DH, "auth": AUTH},
    }
    return [found, timezone, is_phone]


@dataclass
class TakingService:
    """A `PushService` that answers as its `outcomes` say, one after the other, and then takes everything."""

    outcomes: list[PushOutcome] = field(default_factory=list)
    pushes: list[Push] = field(default_factory=list)
    public_key: str = urlsafe_b64encode(b"\x04" * 65).decode().rstrip("=")

    async def send(self, push: Push) -> PushOutcome:
        self.pushes.append(push)
        return self.outcomes.pop(0) if self.outcomes else PushOutcome.TAKEN

    async def close(self) -> None:
        pass

    def shown(self, number: int = -1) -> dict[str, Any]:
        """Return the notification of a push, the last one or another."""
        found: dict[str, Any] = json.loads(self.pushes[number].payload)["notification"]
        return found
