"""The page at `/reset`, where a member who followed a link chooses a new password."""

from nicegui import Client, ui

from chat.domain.accounts.account import Account
from chat.domain.errors import AccountRefused
from chat.framework.elements import HtmlElement
from chat.ui import browser
from chat.ui.app_context import AppContext
from chat.ui.browser.page import start
from chat.ui.dialogs.forms import Field, Form, password_field
from chat.ui.document_head import open_page
from chat.ui.page_context import PageContext


def register(app: AppContext, version: str) -> None:
    """Serve the page; `version` is that of the style sheet."""

    @ui.page("/reset", title=app.brand.title)
    def reset(client: Client) -> None:
        _build(open_page(app, client, version, is_card=True))


def _build(page: PageContext) -> None:
    account = page.sign_in_flow.account_to_reset
    with HtmlElement("div", {"class": "welcome"}) as root, HtmlElement("section", {"class": "card"}):
        HtmlElement("img", {"src": page.brand.picture, "alt": "", "width": 48, "height": 48})
        HtmlElement("h1", text=page.brand.title)
        if account:
            _build_form(page, account)
        else:
            problem = page.error_message(AccountRefused("reset-over"))
            HtmlElement("p", {"class": "reason", "role": "alert"}, problem)
            with HtmlElement("div", {"class": "buttons"}):
                HtmlElement("a", {"class": "primary", "href": "./"}, page.tr("Back to chat"))
    browser.on(root, "vnodeMounted", start)


def _build_form(page: PageContext, account: Account) -> None:
    async def save(_name: object, password: object) -> None:
        await page.sign_in_flow.reset_password(password)

    HtmlElement("p", text=page.tr("Choose a new password, %(name)s.", name=account.name))
    # Password managers keep the password under the name, which nobody needs to see.
    fields = [Field("name", page.tr("Name"), "username", account.name), password_field(page.tr, is_new=True)]
    form = Form(page, fields, page.tr("Save"), save)
    form.set_visible(0, False)
    form.autofocus(form.fields[1])
