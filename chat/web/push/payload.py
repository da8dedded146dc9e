"""The payloads of pushes, for `ngsw-worker.js` and, with the same members, for browsers that show them themselves.

https://angular.dev/ecosystem/service-workers/push-notifications and https://w3c.github.io/push-api/#declarative-push-message
"""

from typing import Any

import orjson

from chat.config.branding import Brand
from chat.domain.accounts.push_devices import PushDevice
from chat.domain.messages.message import Message
from chat.domain.people.people import People
from chat.domain.rooms.directory.room_info import RoomInfo
from chat.domain.rooms.events import MemberAdded
from chat.i18n.phrases import describe_invitation, notification_title
from chat.i18n.translator import choose, translator
from chat.text.markup.renderer import to_plain
from chat.web.paths import icon_path, room_path

TEXT_LIMIT = 200
TITLE_LIMIT = 120
MAX_SIZE = 3900  # bytes; push services take 4096 with what encryption adds
DECLARATIVE = 8030  # in Safari 18.4, and others since


class PushPayloads:
    """Makes payloads in each device's language."""

    def __init__(self, people: People, brand: Brand) -> None:
        self._people = people
        self._brand = brand

    def of_news(self, device: PushDevice, news: Message | MemberAdded, room: RoomInfo, count: int) -> bytes:
        """Describe a message, or that the device's member was added to a room. `count` is for the app's icon."""
        if isinstance(news, Message):
            return self._of_message(device, news, room, count)
        title = describe_invitation(translator(choose("", device.language)), news, room)
        body = room.description if device.preferences.push_text else ""
        shown = self._shown(device, title, body, room, news.actor.id)
        return self._payload(device, shown, room_path(room), count)

    def _of_message(self, device: PushDevice, message: Message, room: RoomInfo, count: int) -> bytes:
        """Name author and room, and include the text if the member wants that."""
        tr = translator(choose("", device.language))
        if device.preferences.push_text:
            body = to_plain(message.text, TEXT_LIMIT) or message.excerpt[:TEXT_LIMIT]
        else:
            body = tr.plural("%(count)s new message", "%(count)s new messages", 1)
        title = notification_title(tr, self._people, message, room, device.member_id)
        shown = self._shown(device, title, body, room, message.author)
        return self._payload(device, shown, f"{room_path(room)}#m-{message.id}", count)

    def of_test(self, device: PushDevice) -> bytes:
        body = translator(choose("", device.language))("Push notifications work.")
        icon = f"{device.site}/{self._brand.photo}"
        return self._payload(device, {"title": self._brand.title, "body": body, "tag": "test", "icon": icon})

    def _shown(self, device: PushDevice, title: str, body: str, room: RoomInfo, author_id: str) -> dict[str, str]:
        icon = icon_path(self._people.avatar_of(author_id), self._brand.photo)
        return {"title": title[:TITLE_LIMIT], "body": body, "tag": room.id, "icon": f"{device.site}/{icon}"}

    def _payload(self, device: PushDevice, shown: dict[str, str], path: str = "", count: int = 0) -> bytes:
        tr, url = translator(choose("", device.language)), f"{device.site}/{path}"
        notification: dict[str, Any] = {
            **shown,
            "renotify": True,
            "lang": tr.tag,
            "dir": tr.direction,
            "navigate": url,
            "data": {"onActionClick": {"default": {"operation": "openWindow", "url": url}}},
        }
        content = {"web_push": DECLARATIVE, "notification": notification, "app_badge": count}
        payload = orjson.dumps(content)
        if len(payload) > MAX_SIZE:
            payload = orjson.dumps({**content, "notification": {**notification, "body": ""}})
        return payload
