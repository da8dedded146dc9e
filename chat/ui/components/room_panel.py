"""The panel of one room in a page: its messages and the composer. Another room gets another panel."""

from collections.abc import Callable

from chat.framework.elements import HtmlElement
from chat.ui import browser
from chat.ui.browser.listening import start_panel
from chat.ui.browser.navigation.linking import follow_link
from chat.ui.browser.page import leave_room
from chat.ui.components.composing.composer import Composer
from chat.ui.components.messages.message_actions import Action, MessageActions
from chat.ui.components.messages.message_list import MessageList
from chat.ui.components.messages.reactions import Reactions
from chat.ui.components.person_card import PersonCard
from chat.ui.dialogs.moderation import ModerationDialogs
from chat.ui.dialogs.room import RoomDialogs
from chat.ui.page_context import PageContext


class RoomPanel:
    """Builds the components of the shown room, in the current slot. `commands` are those of their buttons.

    `parts` are built when they are first used; each function builds one that there was before a restart.
    """

    def __init__(
        self, page: PageContext, dialogs: RoomDialogs, moderation: ModerationDialogs, *, is_switched: bool = False
    ) -> None:
        css = "live panel direct" if page.room.is_direct else "live panel"
        with HtmlElement("div", {"class": css}) as self.element:
            browser.on(self.element, "vnodeMounted", start_panel)
            browser.on(self.element, "vnodeBeforeUnmount", leave_room)
            self.messages = messages = MessageList(page)
            self.composer = composer = Composer(page, dialogs, is_switched=is_switched)
            reactions = Reactions(page, self.element, composer)
            actions = MessageActions(page, messages, composer, reactions, dialogs=dialogs, moderation=moderation)
            card = PersonCard(page, self.element, messages, dialogs, composer.problem.show)
        browser.on(messages.element, "click", follow_link, actions.open_link, is_asked=True)
        self.go_to = actions.go_to
        self.commands: dict[str, Action] = {
            "--close-answer": lambda *_: composer.answer.close(),
            "--emoji": lambda *_: composer.emoji.open(),
            "--load": lambda value, _: messages.earlier.load(value),
            **actions.commands,
            **card.commands,
        }
        self.parts: dict[str, Callable[[], None]] = {
            "answer": self.composer.answer.reopen,
            "card": card.reopen,
            "emoji": self.composer.emoji.reopen,
            "picker": reactions.reopen_picker,
            "reactions": reactions.reopen,
        }
