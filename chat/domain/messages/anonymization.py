"""Anonymizes the messages of a member."""

from dataclasses import replace

from chat.domain.messages import mentions
from chat.domain.messages.events import AuthorAnonymized
from chat.domain.messages.message import Message, Quote
from chat.domain.messages.message_index import MessageIndex

ANONYMOUS = "Anonymous"


def anonymize(message: Message, event: AuthorAnonymized) -> Message:
    """Replace the author's id and name wherever the message names them; return the same object if it doesn't.

    Mentions of the author become plain text, and the author's files end. Other members' own words about them stay.
    """
    author, pseudonym = event.author_id, event.pseudonym
    if message.author == author:
        files = tuple(attachment.erased() for attachment in message.attachments)
        message = replace(message, author=pseudonym, name=ANONYMOUS, attachments=files)
    if message.reply and message.reply.author == author:
        message = replace(message, reply=replace(message.reply, author=pseudonym, name=ANONYMOUS))
    if author in message.mentions.values():
        text = mentions.rename(message.text, message.mentions, {author: ANONYMOUS})
        others = {written: member_id for written, member_id in message.mentions.items() if member_id != author}
        message = replace(message, text=text, mentions=others)
    if any(author in names for names in message.reactions.values()):
        reactions = {emoji: _replace(names, author, pseudonym) for emoji, names in message.reactions.items()}
        message = replace(message, reactions=reactions)
    return message


def anonymize_all(messages: MessageIndex, event: AuthorAnonymized) -> set[str]:
    """Anonymize the author in all messages, and in what replies quote. Return the ids of messages that changed."""
    before = {message.id: message for message in messages}
    names = set[str]().union(*(_names_in(message, event.author_id) for message in messages))
    for message in before.values():
        messages.put(anonymize(message, event))
    for message in messages:
        quote = message.reply
        if quote is None:
            continue
        original = messages.get(quote.id)
        if original is None:
            updated = _without_mentions(quote, names, event.author_id)
        else:
            has_changed = original.excerpt != before[quote.id].excerpt
            updated = replace(quote, text=original.quote.text) if has_changed else quote
        if updated != quote:
            messages.put(replace(message, reply=updated))
    return {message.id for message in messages if message is not before[message.id]}


def _names_in(message: Message, member_id: str) -> set[str]:
    """Return every name that a message uses for a member."""
    names = {written for written, mentioned in message.mentions.items() if mentioned == member_id}
    names |= {reacted[member_id] for reacted in message.reactions.values() if member_id in reacted}
    return names | {part.name for part in (message, message.reply) if part and part.author == member_id}


def _without_mentions(quote: Quote, names: set[str], author_id: str) -> Quote:
    """Anonymize mentions in a quote of an evicted message; only the names identify the author there."""
    found = dict.fromkeys(names, author_id)
    return replace(quote, text=mentions.rename(quote.text, found, {author_id: ANONYMOUS}))


def _replace(names: dict[str, str], author: str, pseudonym: str) -> dict[str, str]:
    return {
        pseudonym if member_id == author else member_id: ANONYMOUS if member_id == author else name
        for member_id, name in names.items()
    }
