"""The reason of a refusal, above the field; that of a refused text stays until the text is changed."""

from nicegui import events

from chat.domain.errors import ChatError
from chat.domain.text.cleaning import TEXT_LIMIT
from chat.framework.elements import HtmlElement, RawElement, spare_numbers
from chat.ui import browser
from chat.ui.browser.holding import give_up
from chat.ui.components.composing.refusal_line import RefusalLine
from chat.ui.components.composing.reopen_button import ReopenButton
from chat.ui.components.composing.writing_gate import WritingGate
from chat.ui.page_context import PageContext
from chat.ui.weakly import weakly


class ComposerProblem:
    """Shows a problem until its cause ends or the member continues, and closes the field if they may not write."""

    def __init__(self, page: PageContext, footer: RawElement, form: HtmlElement, controls: HtmlElement) -> None:
        self._page = page
        self._footer = footer
        self._form = form
        self._is_text_back = False
        self._line = RefusalLine(page, weakly(self._build), on_end=weakly(self._on_cause_ended))
        self.gate = WritingGate(page, controls, self._line, ReopenButton(page, footer, form, self._line))

    def show(self, problem: ChatError, *, is_text_back: bool = False) -> None:
        """Show the reason of a refusal. If the text is back in the field, `clear` keeps the reason."""
        self._is_text_back = is_text_back
        self._line.show(problem)
        browser.call(self._page.client, give_up)

    def clear(self) -> None:
        """Remove the reason once the member continues, unless the refused text is back in the field."""
        if self._line.problem and not self._is_text_back:
            self._line.show(None)
            self.gate.check()

    def dismiss(self) -> None:
        """Remove the reason in any case."""
        self._is_text_back = False
        self.clear()

    def on_refused_changed(self, event: events.GenericEventArguments) -> None:
        """Remove the reason once the refused text was deleted or, if it was too long, shortened enough."""
        problem = self._line.problem
        limit = TEXT_LIMIT if problem and problem.key == "text-too-long" else 0
        if isinstance(event.args, int) and event.args <= limit:
            self.dismiss()

    def _on_cause_ended(self) -> None:
        self._is_text_back = False
        self.gate.check()

    def _build(self) -> HtmlElement:
        with self._footer, spare_numbers(self._page.client):
            line = HtmlElement("p", {"class": "reason", "role": "alert"})
        line.move(target_index=self._footer.default_slot.children.index(self._form))
        return line
