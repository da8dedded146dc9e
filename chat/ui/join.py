"""The card that asks for a name."""

from nicegui import events

from chat import words
from chat.errors import ChatError, NameRefused
from chat.ui import browser
from chat.ui.theme import Tag
from chat.ui.visit import Visit


class NameForm:
    """One field for a name with its label, the reason for a refusal beside it, and a button."""

    def __init__(self, visit: Visit, button: str, name: str, *, autofocus: bool = False) -> None:
        self._ = visit._
        self._field_id = f"name-{visit.client.next_element_id}"
        hint = f"{self._field_id}-hint"
        with Tag("form", {"class": "name-form", "novalidate": True}) as self.form:
            Tag("label", {"for": self._field_id}, self._("Name"))
            field = {
                "id": self._field_id,
                "name": "name",
                "autocomplete": "nickname",
                "dir": "auto",
                "spellcheck": "false",
            }
            if autofocus:
                field["autofocus"] = ""
            self.field = Tag("input", {**field, "aria-describedby": hint})
            # `value` would be set again at every change of the page; the default is set once.
            self.suggest(name)
            self.reason = Tag("p", {"id": hint, "class": "reason", "role": "alert"})
            self.buttons = Tag("div", {"class": "buttons"})
            with self.buttons:
                Tag("button", {"type": "submit", "class": "primary"}, button)

    def suggest(self, name: str) -> None:
        """Offer a name."""
        self.field.set("defaultValue", name)

    def refuse(self, problem: ChatError | None) -> None:
        """Show why a name was refused; nothing if it was not."""
        self.reason.show(words.error(self._, problem) if problem else "")
        self.field.set("aria-invalid", "true" if problem else "false")


def build(visit: Visit, title: str) -> None:
    """The whole page of somebody who has not joined."""
    _ = visit._
    with Tag("div", {"class": "welcome"}), Tag("section", {"class": "card"}):
        Tag("img", {"src": "/assets/favicon.svg", "alt": "", "width": 48, "height": 48})
        Tag("h1", text=title)
        Tag("p", text=_("Pick a name and start talking. No account needed."))
        form = NameForm(visit, _("Join"), visit.last_name or words.suggest_name(_), autofocus=True)
    form.refuse(visit.refused)

    def join(event: events.GenericEventArguments) -> None:
        try:
            visit.join(event.args)
        except NameRefused as problem:
            form.refuse(problem)

    browser.on(form.form, "submit", browser.FIELD, join)
