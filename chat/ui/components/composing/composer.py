"""The composer: the typing line, replies to commands, the field and its button."""

from contextlib import suppress

from nicegui import events

from chat.domain.accounts.events import MemberRenamed, RoleChanged
from chat.domain.commands.parser import begins_command, escape
from chat.domain.commands.replies import Prompt, Reply, RoomPrompt
from chat.domain.errors import RoomRefused
from chat.domain.messages.message import Message
from chat.domain.messages.permissions import can_edit
from chat.domain.people.events import MemberLeft
from chat.domain.rooms.events import MemberRemoved
from chat.framework.elements import HtmlElement
from chat.framework.live_region import LiveSlot
from chat.ui import browser
from chat.ui.browser.composing.completing import complete, press
from chat.ui.browser.composing.sending import resend, send
from chat.ui.browser.composing.writing import compose, report_refused, report_typing, restore_draft, show_hint
from chat.ui.components.composing.answer_panel import AnswerPanel
from chat.ui.components.composing.completion_list import CompletionList
from chat.ui.components.composing.composer_problem import ComposerProblem
from chat.ui.components.composing.composer_subject import EDIT, REPLY, ComposerSubject
from chat.ui.components.composing.emoji_inserter import EmojiInserter
from chat.ui.components.composing.text_sender import TextSender
from chat.ui.dialogs.room import RoomDialogs
from chat.ui.html.composer import render_field
from chat.ui.html.roster import NOT_LIVE
from chat.ui.names import room_name
from chat.ui.page_context import PageContext
from chat.ui.uploads_off import why_off
from chat.web.paths import room_path


class Composer:
    """The field in which texts are written, with what it shows of them.

    A text may have a subject: the message it replies to (`reply-ID`) or whose text it replaces (`edit-ID`). The browser
    keeps the subject with the text, so both survive a lost connection.
    """

    def __init__(self, page: PageContext, dialogs: RoomDialogs, *, is_switched: bool = False) -> None:
        self._page = page
        self._dialogs = dialogs
        self._conversation = page.room.conversation
        tr, region = page.tr, page.shown.view.region
        with LiveSlot(region, "mode", "unsaved", tag="footer", attributes={"class": "composer"}) as self._footer:
            name = page.member.name if page.member else ""
            room = {"data-room": page.room.id, "data-path": room_path(page.room_info)}
            uploads = page.chat.uploads.limits if page.chat.uploads.is_on else None
            attributes = {"id": "composer", "data-owner": page.member_id, "data-name": name, **room}
            if uploads is None:
                attributes["data-off"] = why_off(page)
            if is_switched:
                attributes["data-switched"] = ""
            with HtmlElement("form", attributes) as self._form:
                html = render_field(tr, self._hint, uploads, is_nearly_full=page.chat.uploads.is_nearly_full)
                controls = HtmlElement("fieldset", {"role": "none"}, html=html)
            LiveSlot(region, "typing", attributes={"class": "typing", **NOT_LIVE, "aria-label": tr("Typing")})
        self.answer = AnswerPanel(page, self._footer)
        self.emoji = EmojiInserter(page, self._footer)
        self._subject = ComposerSubject(page, self._footer, self._form)
        self._completion = CompletionList(page, self._footer)
        self.problem = ComposerProblem(page, self._footer, self._form, controls)
        self._sender = TextSender(page, self._subject, self.problem)
        self._listen(self._form)
        page.shown.subscribe(self._on_renamed, MemberRenamed, everywhere=True)
        page.shown.subscribe(lambda _event: self._show_hint(), MemberRemoved)
        if page.room.is_direct:  # who leaves may have deleted their account
            page.shown.subscribe(lambda _event: self._show_hint(), MemberLeft, everywhere=True)
        if uploads is None:
            page.shown.subscribe(lambda _event: self._form.set("data-off", why_off(page)), RoleChanged, everywhere=True)
        if is_switched:  # a page that is not connected so far checks when it is
            self.problem.gate.check()

    def _listen(self, form: HtmlElement) -> None:
        browser.on(form, "keydown", press, self._on_key, is_asked=True)
        browser.on(form, "input", report_typing, self._on_input, throttle=1.0)
        browser.on(form, "input", report_refused, self.problem.on_refused_changed)
        browser.on(form, "input", complete, self._on_word)
        browser.on(form, "resend", complete, self._on_word)
        browser.on(form, "submit.prevent", send, self._send, is_asked=True)
        browser.on(form, "resend", resend, self._resend)
        browser.on(form, "vnodeMounted", restore_draft, self._restore)

    def reply(self, message: Message) -> None:
        """Make the next text a reply to a message, if the member may write."""
        if self.problem.gate.restriction:
            return
        subject = f"{REPLY}{message.id}"
        self._subject.show(subject)
        browser.call(self._page.client, compose, subject)

    def edit(self, message: Message) -> None:
        """Put a message's text into the field, to be replaced, if the member may write."""
        if self.problem.gate.restriction:
            return
        subject = f"{EDIT}{message.id}"
        self._subject.show(subject)
        text = self._conversation.mentions.text_with_current_names(message)
        browser.call(self._page.client, compose, subject, escape(text))

    # From the browser.

    def _on_key(self, event: events.GenericEventArguments) -> None:
        match event.args:
            case "close-suggestions":
                self._completion.close()
            case "close-answer":
                self.answer.close()
            case "cancel":
                self.problem.dismiss()
            case "edit":
                self._edit_last()
            case ["suggest", before, start]:
                self._completion.suggest(before, start)

    def _on_word(self, event: events.GenericEventArguments) -> None:
        match event.args:
            case [before, start]:
                self._completion.suggest(before, start)

    def _edit_last(self) -> None:
        if member := self._page.member:
            own = (message for message in reversed(self._conversation.history) if can_edit(member, message))
            if message := next(own, None):
                self.edit(message)

    def _on_renamed(self, event: MemberRenamed) -> None:
        if event.member_id == self._page.member_id:
            self._form.set("data-name", event.nickname.shown)
        else:
            self._show_hint()

    def _show_hint(self) -> None:
        """Show the recipients of the text."""
        if self._page.room.is_direct:
            browser.call(self._page.client, show_hint, self._hint)

    @property
    def _hint(self) -> str:
        tr, page = self._page.tr, self._page
        if page.room.is_direct:
            return tr("Message %(name)s", name=room_name(page, page.room_info))
        return tr("Write a message…")

    def _on_input(self, event: events.GenericEventArguments) -> None:
        beginning = event.args if isinstance(event.args, str) else ""
        if self._page.member:
            is_text = bool(beginning.strip()) and not begins_command(beginning)
            with suppress(RoomRefused):  # the room was lost a moment ago
                self._page.chat.messages.type(self._page.member.id, self._page.room.id, is_text)

    def _restore(self, event: events.GenericEventArguments) -> None:
        """Show the subject of a text that was being written when the page was reloaded."""
        if isinstance(event.args, str):
            self._subject.show(event.args)

    async def _send(self, event: events.GenericEventArguments) -> None:
        self._completion.close()
        await self._show(await self._sender.send(event.args))

    async def _resend(self, event: events.GenericEventArguments) -> None:
        self._completion.close()
        await self._show(await self._sender.resend(event.args))

    async def _show(self, outcome: Reply | Prompt | None) -> None:
        """Show the outcome of a command."""
        if isinstance(outcome, Reply):
            self.answer.show(outcome)
        elif isinstance(outcome, RoomPrompt):
            try:
                await self._page.open_room(outcome.room_id)
            except RoomRefused as problem:
                self.problem.show(problem)
        elif outcome:
            self._dialogs.ask(outcome)
