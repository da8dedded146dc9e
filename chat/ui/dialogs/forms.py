"""Forms: labelled fields, the reason for a refusal below them, and buttons."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from nicegui import events

from chat.domain.errors import ChatError, NameRefused
from chat.framework.elements import HtmlElement
from chat.i18n.translator import Translator
from chat.ui import browser
from chat.ui.browser.asking import emit_fields
from chat.ui.page_context import PageContext


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form; `autocomplete` is the value of the HTML attribute."""

    name: str
    label: str
    autocomplete: str
    value: str = ""
    is_secret: bool = False


class Form:
    """Passes the values of its fields to `submit`, and shows why it refused them; the values stay.

    With `choices` (labels by value) there is a button for each, whose value is passed first.
    """

    def __init__(
        self,
        page: PageContext,
        fields: list[Field],
        button: str,
        submit: Callable[..., Awaitable[None] | None],
        choices: dict[str, str] | None = None,
    ) -> None:
        self._page = page
        self._on_submit = submit
        self._is_busy = False
        self._has_choices = bool(choices)
        self.fields: list[HtmlElement] = []
        self.labels: list[HtmlElement] = []
        error_id = f"reason-{page.client.next_element_id}"
        with HtmlElement("form", {"class": "form", "novalidate": True}) as self.element:
            for field in fields:
                self._build_field(field, f"{field.name}-{page.client.next_element_id}", error_id)
            self.error = HtmlElement("p", {"id": error_id, "class": "reason", "role": "alert"})
            self.buttons = HtmlElement("div", {"class": "buttons"})
            with self.buttons:
                if choices:
                    # Enter in a field presses the first button; it must not pick a choice.
                    HtmlElement("button", {"type": "submit", "disabled": True, "hidden": True})
                for value, label in (choices or {"": button}).items():
                    attributes = {"type": "submit", "class": "" if value else "primary", "value": value}
                    self.submit = HtmlElement("button", attributes, label)
        if self.fields:
            self.fields[0].set("autofocus", "")  # not the button in the head of a dialog
        browser.on(self.element, "submit.prevent", emit_fields, self._submit)

    def show_error(self, problem: ChatError | None) -> None:
        """Show why the values were refused; None removes the reason."""
        self.error.show(self._page.error_message(problem) if problem else "")
        is_about_name = isinstance(problem, NameRefused)
        for field in self.fields:
            is_invalid = problem is not None and (field is self.fields[0] or not is_about_name)
            field.set("aria-invalid", "true" if is_invalid else "false")

    def set_visible(self, number: int, is_visible: bool) -> None:
        """Show or hide a field with its label."""
        for part in (self.labels[number], self.fields[number]):
            part.set("hidden", None if is_visible else True)

    def add_checkbox(self, name: str, text: str) -> None:
        """Add a checkbox; its value is "on" or empty."""
        with self.element:
            label = HtmlElement("label", {"class": "choice"})
            with label:
                self.fields.append(HtmlElement("input", {"type": "checkbox", "name": name}))
                HtmlElement("span", text=text)
        label.move(target_index=self.element.default_slot.children.index(self.error))

    def _build_field(self, field: Field, field_id: str, error_id: str) -> None:
        self.labels.append(HtmlElement("label", {"for": field_id}, field.label))
        shared = {
            "id": field_id,
            "name": field.name,
            "autocomplete": field.autocomplete,
            "aria-describedby": error_id,
        }
        own = {"type": "password"} if field.is_secret else {"dir": "auto", "spellcheck": "false"}
        # `value` would be set again at every change of the page; the default is set once.
        self.fields.append(HtmlElement("input", {**shared, **own, "defaultValue": field.value}))

    def _submit(self, event: events.GenericEventArguments) -> Awaitable[None] | None:
        values = event.args if isinstance(event.args, list) else [event.args]
        if self._is_busy or len(values) > len(self.fields) + self._has_choices:
            return None
        try:
            outcome = self._on_submit(*values)
        except ChatError as problem:
            self.show_error(problem)
            return None
        if outcome is not None:
            return self._finish(outcome)
        self.show_error(None)
        return None

    async def _finish(self, outcome: Awaitable[None]) -> None:
        self._is_busy = True
        try:
            await outcome
        except ChatError as problem:
            self.show_error(problem)
        else:
            self.show_error(None)
        finally:
            self._is_busy = False


def name_field(tr: Translator, value: str) -> Field:
    return Field("name", tr("Name"), "nickname", value)


def password_field(tr: Translator, label: str = "", *, is_new: bool = False) -> Field:
    autocomplete = "new-password" if is_new else "current-password"
    return Field("password", label or tr("Password"), autocomplete, is_secret=True)
