"""The line above the field that shows which message is being replied to or edited."""

from functools import cached_property

from chat.domain.events import Event
from chat.domain.messages.events import (
    AuthorAnonymized,
    HistoryCleared,
    MessageDeleted,
    MessageEdited,
    MessagesPurged,
)
from chat.domain.messages.message import Message
from chat.framework.elements import HtmlElement, RawElement, spare_numbers
from chat.ui.html.composer import render_subject
from chat.ui.html.names_and_times import isolated
from chat.ui.page_context import PageContext

REPLY, EDIT = "reply-", "edit-"


def message_id_of(subject: str) -> str:
    """Return the message id in a subject (`reply-ID` or `edit-ID`)."""
    return subject.removeprefix(REPLY).removeprefix(EDIT)


class ComposerSubject:
    """Shows a subject and follows changes of its message.

    The style sheet shows the line while the form says that its text has a subject.
    """

    def __init__(self, page: PageContext, footer: RawElement, form: HtmlElement) -> None:
        self._page = page
        self._footer = footer
        self._form = form
        self._conversation = page.room.conversation
        self.current = ""
        self.show(page.record.former.get("subject", ""))

    def show(self, subject: str) -> None:
        self.current = subject
        self._page.record.keep(subject=subject)
        if not subject:
            return
        message = self._conversation.history.get(message_id_of(subject))
        if message and subject in (f"{REPLY}{message.id}", f"{EDIT}{message.id}"):
            self._page.style.mark_subject(subject)
        head, text = self._describe(message) if message else ("", self._page.tr("The message was deleted."))
        self._line.set("innerHTML", render_subject(self._page.tr, head, text))

    def _describe(self, message: Message) -> tuple[str, str]:
        tr, text = self._page.tr.html, self._conversation.mentions.text_with_current_names(message)
        if self.current.startswith(EDIT):
            return tr("Editing your message"), text
        return tr("Replying to %(name)s", name=isolated(message.name)), text or message.excerpt

    @cached_property
    def _line(self) -> HtmlElement:
        with self._footer, spare_numbers(self._page.client):
            line = HtmlElement("div", {"class": "about"})
        line.move(target_index=self._footer.default_slot.children.index(self._form))
        changes = (AuthorAnonymized, HistoryCleared, MessageDeleted, MessageEdited, MessagesPurged)
        self._page.shown.subscribe(self._on_event, *changes)
        return line

    def _on_event(self, event: Event) -> None:
        match event:
            case AuthorAnonymized() | HistoryCleared() | MessagesPurged():
                self.show(self.current)
            case MessageEdited(message_id=message_id) | MessageDeleted(message_id=message_id):
                if message_id == message_id_of(self.current):
                    self.show(self.current)
