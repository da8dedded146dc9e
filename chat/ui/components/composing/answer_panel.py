"""Replies to commands and offers, visible only to the member they are for."""

from contextlib import suppress
from functools import cached_property
from typing import get_args

from markupsafe import Markup
from pydantic import TypeAdapter, ValidationError

from chat.domain.accounts.events import RoleChanged
from chat.domain.commands.replies import AccountOffer, Reply
from chat.domain.permissions import is_above
from chat.framework.elements import HtmlElement, RawElement
from chat.i18n import phrases
from chat.ui import browser
from chat.ui.browser.messages.acting import refocus
from chat.ui.html.buttons import button
from chat.ui.html.composer import render_answer
from chat.ui.html.names_and_times import isolated
from chat.ui.page_context import PageContext

KINDS = {kind.__name__: TypeAdapter[Reply](kind) for kind in get_args(Reply)}
KEPT_LENGTH = 400  # characters of JSON: the page's record is part of a URL


class AnswerPanel:
    """The panel above the field, built when there is a reply for the first time."""

    def __init__(self, page: PageContext, parent: RawElement) -> None:
        self._page = page
        self._parent = parent
        self._is_open = False
        page.shown.subscribe(self._offer_account, RoleChanged, everywhere=True)

    def reopen(self) -> None:
        """Show the former reply after the page was built again."""
        match self._page.record.former.get("answer"):
            case [kind, content] if kind in KINDS:
                with suppress(ValidationError):  # kept by another version
                    self.show(KINDS[kind].validate_json(content))

    def show(self, reply: Reply) -> None:
        kind = type(reply).__name__
        content = KINDS[kind].dump_json(reply).decode()
        self._page.record.keep(answer=[kind, content] if len(content) <= KEPT_LENGTH else [])
        lines = phrases.describe_reply(self._page.tr.html, reply, isolated)
        is_offer = isinstance(reply, AccountOffer)
        offer = button(self._page.tr("Create an account"), "--sign-up") if is_offer else Markup()
        self._element.set("innerHTML", render_answer(self._page.tr, lines, offer))
        self._element.set("hidden", None)
        self._is_open = True

    def close(self) -> None:
        if self._is_open:
            self._is_open = False
            self._element.set("hidden", True)
            self._page.record.keep(answer=[])
            browser.call(self._page.client, refocus)

    def _offer_account(self, event: RoleChanged) -> None:
        """Offer an account to a guest who got a role: without one it ends when they leave."""
        is_promoted = event.member_id == self._page.member_id and is_above(event.role, event.before)
        if is_promoted and self._page.sign_in_flow.account is None:
            self.show(AccountOffer())

    @cached_property
    def _element(self) -> HtmlElement:
        attributes = {"class": "answer", "role": "status", "aria-label": self._page.tr("Response")}
        with self._page.record.numbering("answer"), self._parent:
            element = HtmlElement("div", attributes)
        element.move(target_index=0)
        return element
