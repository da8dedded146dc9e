"""Forms: labelled fields, the reason for a refusal below them, and buttons."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from markupsafe import Markup
from nicegui import events

from chat.domain.errors import ChatError, NameRefused
from chat.framework.elements import HtmlElement
from chat.i18n.translator import Translator
from chat.ui import browser
from chat.ui.browser.dialogs.asking import emit_fields, scroll_to_reason
from chat.ui.browser.holding import give_up
from chat.ui.components.composing.refusal_line import RefusalLine
from chat.ui.html.buttons import options
from chat.ui.html.escaping import concat, fill
from chat.ui.page_context import PageContext


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form; `autocomplete` is the value of the HTML attribute.

    With `options` (labels by value) one of them is chosen; `suggestions` leave the choice open. A long text has several
    lines.
    """

    name: str
    label: str
    autocomplete: str = "off"
    value: str = ""
    is_secret: bool = False
    is_long: bool = False
    options: Mapping[str, str] = field(default_factory=dict)
    suggestions: tuple[str, ...] = ()


class Form:
    """Passes the values of its fields to `submit`, and shows why it refused them; the values stay.

    Enter in a field presses the button, unless that is dangerous. A browser sends the values of all fields; those of
    the last `optional` ones may be missing. With any others missing, or with what isn't text, nothing happens.
    """

    def __init__(
        self,
        page: PageContext,
        fields: list[Field],
        button: str,
        submit: Callable[..., Awaitable[None] | None],
        *,
        is_dangerous: bool = False,
        optional: int = 0,
    ) -> None:
        self._page = page
        self._on_submit = submit
        self._optional = optional
        self._is_busy = False
        self.fields: list[HtmlElement] = []
        self.labels: list[HtmlElement] = []
        error_id = f"reason-{page.client.next_element_id}"
        with HtmlElement("form", {"class": "form", "novalidate": True}) as self.element:
            for each in fields:
                self._build_field(each, f"{each.name}-{page.client.next_element_id}", error_id)
            self.error = HtmlElement("p", {"id": error_id, "class": "reason", "role": "alert"})
            self.buttons = HtmlElement("div", {"class": "buttons"})
            with self.buttons:
                if is_dangerous:
                    # Enter in a field presses the first button.
                    HtmlElement("button", {"type": "submit", "disabled": True, "hidden": True})
                css = "danger" if is_dangerous else "primary"
                self.submit = HtmlElement("button", {"type": "submit", "class": css}, button)
        if self.fields:
            self.autofocus(self.fields[0])  # not the button in the head of a dialog
        error, own_fields = self.error, self.fields
        self._refusal = RefusalLine(page, lambda: error, on_end=lambda: _mark_invalid([], own_fields))
        browser.on(self.error, "vnodeUpdated", scroll_to_reason)
        browser.on(self.element, "submit.prevent", emit_fields, self._submit, is_asked=True)

    def show_error(self, problem: ChatError | None) -> None:
        """Show why the values were refused; None removes the reason."""
        self.show_refusal(problem)
        if problem:
            browser.call(self._page.client, give_up)
        concerned = self.fields[:1] if isinstance(problem, NameRefused) else self.fields
        _mark_invalid(concerned if problem else [], self.fields)

    def show_refusal(self, problem: ChatError | None) -> None:
        """Show the reason of a refusal that isn't about the values."""
        self._refusal.show(problem)

    def set_visible(self, number: int, is_visible: bool) -> None:
        """Show or hide a field with its label."""
        for part in (self.labels[number], self.fields[number]):
            part.set("hidden", None if is_visible else True)

    def autofocus(self, field: HtmlElement) -> None:
        """Give this field the focus when the form appears."""
        for each in self.fields:
            each.set("autofocus", "" if each is field else None)

    def add_checkbox(self, name: str, text: str, *, is_checked: bool = False, hint: str = "") -> None:
        """Add a checkbox; its value is "on" or empty. A hint says what it does."""
        hint_id = f"hint-{self._page.client.next_element_id}"
        attributes = {"type": "checkbox", "name": name, "defaultChecked": is_checked}
        with self.element:
            label = HtmlElement("label", {"class": "choice"})
            with label:
                described = {"aria-describedby": hint_id} if hint else {}
                self.fields.append(HtmlElement("input", {**attributes, **described}))
                HtmlElement("span", text=text)
            parts = [label, HtmlElement("p", {"id": hint_id, "class": "hint"}, hint)] if hint else [label]
        for part in parts:
            part.move(target_index=self.element.default_slot.children.index(self.error))

    def _build_field(self, field: Field, field_id: str, error_id: str) -> None:
        self.labels.append(HtmlElement("label", {"for": field_id}, field.label))
        shared = {
            "id": field_id,
            "name": field.name,
            "autocomplete": field.autocomplete,
            "aria-describedby": error_id,
        }
        if field.options:
            self.fields.append(HtmlElement("select", shared, html=options(field.options.items(), field.value)))
            return
        own = {"type": "password"} if field.is_secret else {"dir": "auto", "spellcheck": "false"}
        # `value` would be set again at every change of the page; the default is set once.
        tag = "textarea" if field.is_long else "input"
        listed = {"list": f"{field_id}-list"} if field.suggestions else {}
        self.fields.append(HtmlElement(tag, {**shared, **own, **listed, "defaultValue": field.value}))
        if field.suggestions:
            HtmlElement("datalist", {"id": f"{field_id}-list"}, html=_suggestions(field))

    def _submit(self, event: events.GenericEventArguments) -> Awaitable[None] | None:
        values = event.args if isinstance(event.args, list) else [event.args]
        missing = len(self.fields) - len(values)
        is_complete = 0 <= missing <= self._optional and all(isinstance(value, str) for value in values)
        if self._is_busy or not is_complete:
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


def _mark_invalid(invalid: list[HtmlElement], fields: list[HtmlElement]) -> None:
    for each in fields:
        each.set("aria-invalid", "true" if each in invalid else "false")


def _suggestions(field: Field) -> Markup:
    return concat(fill('<option value="{name}"></option>', name=name) for name in field.suggestions)


def name_field(tr: Translator, value: str) -> Field:
    return Field("name", tr("Name"), "nickname", value)


def password_field(tr: Translator, label: str = "", *, is_new: bool = False) -> Field:
    autocomplete = "new-password" if is_new else "current-password"
    return Field("password", label or tr("Password"), autocomplete, is_secret=True)
