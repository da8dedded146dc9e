"""What becomes of the messages of somebody who does not want to be known as their author any more."""

from dataclasses import replace

from chat.domain.events import AuthorAnonymized
from chat.domain.messages import mentions
from chat.domain.messages.message import Message, Quote

ANONYMOUS = "Anonymous"


def anonymized(message: Message, event: AuthorAnonymized) -> Message:
    """The message with another id and name for the author of `event`, wherever it names them; itself if it does not.

    Mentions of them become plain text. What people wrote about them in their own words stays.
    """
    author, pseudonym = event.author, event.pseudonym
    if message.author == author:
        message = replace(message, author=pseudonym, name=ANONYMOUS)
    if message.reply and message.reply.author == author:
        message = replace(message, reply=replace(message.reply, author=pseudonym, name=ANONYMOUS))
    if author in message.mentions.values():
        text = mentions.rename(message.text, message.mentions, {author: ANONYMOUS})
        others = {written: who for written, who in message.mentions.items() if who != author}
        message = replace(message, text=text, mentions=others)
    if any(author in by for by in message.reactions.values()):
        reactions = {emoji: _anonymized_by(by, author, pseudonym) for emoji, by in message.reactions.items()}
        message = replace(message, reactions=reactions)
    return message


def names(message: Message, member_id: str) -> set[str]:
    """What a member is called in a message."""
    called = {written for written, who in message.mentions.items() if who == member_id}
    called |= {by[member_id] for by in message.reactions.values() if member_id in by}
    return called | {said.name for said in (message, message.reply) if said and said.author == member_id}


def without_mentions(quote: Quote, called: set[str], author: str) -> Quote:
    """A quote of what is not kept any more, so that nobody knows who is mentioned in it: it goes by the name."""
    found = dict.fromkeys(called, author)
    return replace(quote, text=mentions.rename(quote.text, found, {author: ANONYMOUS}))


def _anonymized_by(by: dict[str, str], author: str, pseudonym: str) -> dict[str, str]:
    return {pseudonym if who == author else who: ANONYMOUS if who == author else name for who, name in by.items()}
