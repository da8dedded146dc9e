"""Forms: fields with their labels, the reason for a refusal below them, and buttons."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from nicegui import events

from chat.domain.errors import ChatError, NameRefused
from chat.framework.elements import HtmlElement
from chat.i18n import phrases as words
from chat.ui import browser
from chat.ui.page_context import PageContext


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form; `autocomplete` is what a browser may fill in (HTML's names for it)."""

    name: str
    label: str
    autocomplete: str
    value: str = ""
    is_secret: bool = False


class Form:
    """Gives the values of its fields to `take`, and shows why it refused them; what was typed stays.

    With `choices` there is a button for each instead of the one, and which was pressed is given first.
    """

    def __init__(
        self,
        page: PageContext,
        fields: list[Field],
        button: str,
        take: Callable[..., Awaitable[None] | None],
        choices: dict[str, str] | None = None,
    ) -> None:
        self._tr = page.tr
        self._take = take
        self._is_busy = False
        self._has_choices = bool(choices)
        self.fields: list[HtmlElement] = []
        self.labels: list[HtmlElement] = []
        hint = f"reason-{page.client.next_element_id}"
        with HtmlElement("form", {"class": "form", "novalidate": True}) as self.element:
            for field in fields:
                self._build(field, f"{field.name}-{page.client.next_element_id}", hint)
            self.reason = HtmlElement("p", {"id": hint, "class": "reason", "role": "alert"})
            self.buttons = HtmlElement("div", {"class": "buttons"})
            with self.buttons:
                if choices:
                    # What Enter in a field would press; none of the choices is meant by that.
                    HtmlElement("button", {"type": "submit", "disabled": True, "hidden": True})
                for value, label in (choices or {"": button}).items():
                    look = {"type": "submit", "class": "" if value else "primary", "value": value}
                    self.submit = HtmlElement("button", look, label)
        browser.on(self.element, "submit", browser.FIELDS, self._submit)

    def refuse(self, problem: ChatError | None) -> None:
        """Show why something was refused; nothing if it was not."""
        self.reason.show(words.error(self._tr, problem) if problem else "")
        is_name = isinstance(problem, NameRefused)
        for field in self.fields:
            wrong = problem is not None and (field is self.fields[0] or not is_name)
            field.set("aria-invalid", "true" if wrong else "false")

    def show(self, number: int, on: bool) -> None:
        """Show a field, or hide it."""
        for part in (self.labels[number], self.fields[number]):
            part.set("hidden", None if on else True)

    def add_choice(self, name: str, label: str) -> None:
        """Add a box to tick; its value is "on" or nothing."""
        with self.element:
            label_ = HtmlElement("label", {"class": "choice"})
            with label_:
                self.fields.append(HtmlElement("input", {"type": "checkbox", "name": name}))
                HtmlElement("span", text=label)
        label_.move(target_index=self.element.default_slot.children.index(self.reason))

    def _build(self, field: Field, field_id: str, hint: str) -> None:
        self.labels.append(HtmlElement("label", {"for": field_id}, field.label))
        look = {"id": field_id, "name": field.name, "autocomplete": field.autocomplete, "aria-describedby": hint}
        kind = {"type": "password"} if field.is_secret else {"dir": "auto", "spellcheck": "false"}
        # `value` would be set again at every change of the page; the default is set once.
        self.fields.append(HtmlElement("input", {**look, **kind, "defaultValue": field.value}))

    def _submit(self, event: events.GenericEventArguments) -> Awaitable[None] | None:
        values = event.args if isinstance(event.args, list) else [event.args]
        if self._is_busy or len(values) > len(self.fields) + self._has_choices:
            return None
        try:
            outcome = self._take(*values)
        except ChatError as problem:
            self.refuse(problem)
            return None
        if outcome is not None:
            return self._finish(outcome)
        self.refuse(None)
        return None

    async def _finish(self, work: Awaitable[None]) -> None:
        self._is_busy = True
        try:
            await work
        except ChatError as problem:
            self.refuse(problem)
        else:
            self.refuse(None)
        finally:
            self._is_busy = False


def name_field(page: PageContext, value: str) -> Field:
    """Where a name is asked for."""
    return Field("name", page.tr("Name"), "nickname", value)


def password_field(page: PageContext, label: str = "", *, is_new: bool = False) -> Field:
    """Where a password is asked for."""
    autocomplete = "new-password" if is_new else "current-password"
    return Field("password", label or page.tr("Password"), autocomplete, is_secret=True)
