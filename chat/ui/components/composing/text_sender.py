"""Posts the texts that the browser sends, and tells it what became of them."""

from chat.domain.commands.replies import Prompt, Reply
from chat.domain.errors import ChatError, NotHere
from chat.domain.messages.message import is_message_id
from chat.ui import browser
from chat.ui.browser.composing.sending import restore_text
from chat.ui.browser.composing.sent_texts import confirm
from chat.ui.components.composing.composer_problem import ComposerProblem
from chat.ui.components.composing.composer_subject import EDIT, REPLY, ComposerSubject
from chat.ui.components.composing.sent_text import SentText, parse_sent
from chat.ui.page_context import PageContext

GONE = {"reply-gone", "message-gone"}  # errors after which a text can't be sent with its subject again


class TextSender:
    """Sends texts, each with its subject. A refused one returns to the field, with the `problem` above it."""

    def __init__(self, page: PageContext, subject: ComposerSubject, problem: ComposerProblem) -> None:
        self._page = page
        self._subject = subject
        self._problem = problem

    async def send(self, arguments: object) -> Reply | Prompt | None:
        """Post a text, or run the command in it. Return what to show this member alone."""
        sent = parse_sent(arguments)
        return await self._post_or_refuse(sent) if sent else None

    async def resend(self, arguments: object) -> Reply | Prompt | None:
        """Send a text that was written while the page was offline."""
        match arguments:
            case [str() as message_id, *_] if is_message_id(message_id):
                self._page.late_ids.add(message_id)
                try:
                    return await self.send(arguments)
                finally:
                    self._page.late_ids.discard(message_id)
        return None

    async def _post_or_refuse(self, sent: SentText) -> Reply | Prompt | None:
        client, message_id, subject = self._page.client, sent.message_id, sent.subject
        try:
            outcome = await self._post(sent)
        except ChatError as problem:
            keep_subject = problem.key not in GONE
            if keep_subject and subject and not self._subject.current:  # written before the page was reloaded
                self._subject.show(subject)
            browser.call(client, restore_text, message_id, keep_subject)
            self._problem.show(problem, is_text_back=True)
            return None
        browser.call(client, confirm, message_id)
        if sent.has_seen_error:
            self._problem.dismiss()
        else:
            self._problem.clear()
        return outcome

    async def _post(self, sent: SentText) -> Reply | Prompt | None:
        messages, member, subject = self._page.chat.messages, self._page.member, sent.subject
        if member is None:
            raise NotHere
        if subject.startswith(EDIT):
            await messages.edit(member.id, sent.room_id, subject.removeprefix(EDIT), sent.text, sent.message_id)
            return None
        reply_to = subject.removeprefix(REPLY) if subject.startswith(REPLY) else None
        return await messages.post(member.id, sent.room_id, sent.text, sent.message_id, reply_to, files=sent.files)
