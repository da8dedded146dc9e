"""The texts that an event publishes."""

from collections.abc import Collection

from chat.domain.accounts.events import AccountCreated, MemberRenamed
from chat.domain.events import DurableEvent
from chat.domain.messages.events import MessageEdited, MessagePosted, PictureDescribed, TopicChanged
from chat.domain.moderation.events import Banned, Kicked, MessageReported, Muted, ReportResolved, WordFilterChanged
from chat.domain.rooms.events import RoomCreated, RoomDescribed, RoomRenamed


def published_texts(event: DurableEvent) -> Collection[str]:
    """Return what the acting member wrote; not what others wrote before."""
    match event:
        case MessagePosted(message=message):
            names = (text for file in message.attachments for text in (file.name, file.alt))
            return (message.text, *names)
        case MessageEdited(text=text) | TopicChanged(topic=text) | PictureDescribed(alt=text):
            return (text,)
        case MemberRenamed(nickname=nickname):
            return (nickname.shown,)
        case AccountCreated(account=account):
            return (account.name,)
        case Muted(reason=reason) | Kicked(reason=reason) | Banned(reason=reason):
            return (reason,)
        case MessageReported(reason=reason) | ReportResolved(reason=reason):
            return (reason,)
        case RoomCreated(room=room):
            return (room.name,)
        case RoomRenamed(name=text) | RoomDescribed(description=text):
            return (text,)
        case WordFilterChanged(added=added):
            return added
    return ()
