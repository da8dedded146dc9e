"""The start of every page: its head, its language and direction, and the splash shown before scripts run."""

from functools import lru_cache

from fastapi import HTTPException
from markupsafe import Markup
from nicegui import Client, ui

from chat.config.branding import Brand
from chat.domain.accounts.preference_choices import ColorScheme
from chat.framework.clients import release_request, set_language
from chat.framework.page_record import open_record
from chat.i18n.translator import Translator
from chat.ui.app_context import AppContext
from chat.ui.browser.script import script_url
from chat.ui.html.escaping import concat, fill
from chat.ui.page_context import PageContext
from chat.web.security.public_url import public_url
from chat.web.security.request_context import request_context

NGINX_HOST = "\u2066proxy_set_header Host $http_host;\u2069"  # isolated from text in right-to-left scripts
HEAD = """
<base href="{root_path}/">
<link rel="preload" href="assets/vendor/inter-5.3.0/inter-latin-wght-normal.woff2" as="font" type="font/woff2"
  crossorigin>
<link rel="stylesheet" href="assets/chat.css?v={version}">
<script nonce="{nonce}" defer src="{script}"></script>
<script nonce="{nonce}" type="module" src="assets/vendor/invokers-polyfill-1.0.3/invoker.min.js"></script>
"""
# Not in the first page of a newcomer, which has no times.
TIMES = '<script nonce="{nonce}" type="module" src="assets/vendor/relative-time-element-5.3.1/bundle.js"></script>'


def open_page(app: AppContext, client: Client, version: str, *, is_card: bool = False) -> PageContext:
    """Start building a page; `version` is that of the style sheet. Strangers get a card in any case.

    A page that is built again must be what its browser has loaded, and for whom.
    """
    scope = client.request.scope
    release_request(client)
    context, record = request_context(scope), open_record(client)
    root_path = scope["root_path"]
    ui.add_head_html(HEAD.format(root_path=root_path, version=version, nonce=context.nonce, script=script_url()))
    page = PageContext(app, client, record)
    if not record.agrees(loaded=f"{version} {script_url()}", member=page.member_id):
        client.delete()
        raise HTTPException(409)
    context.record = lambda: record.sign(is_new=True)
    scheme = page.preferences.scheme
    tags = app.brand.tags(public_url(scope), None if scheme is ColorScheme.SYSTEM else scheme)
    ui.add_head_html(str(tags))  # NiceGUI appends it to plain text, which `Markup` would escape
    is_for_member = page.member is not None and not is_card
    if is_for_member:
        ui.add_head_html(TIMES.format(nonce=context.nonce))
    context.splash = _splash(app.brand, has_bar=is_for_member)
    context.notices = _notices(page.tr, context.hosts)
    context.direction = page.tr.direction
    set_language(client, page.tr.tag)
    return page


@lru_cache(100)
def _notices(tr: Translator, hosts: frozenset[str]) -> Markup:
    """Return the page's notices of missing requirements: the style sheet shows those that apply.

    `hosts` are those at which the server believes the page to be; at another one it could never connect.
    """
    texts = {
        "offline": tr("Connection lost. Reconnecting…"),
        "no-cookies": tr("This chat needs cookies. Allow them for this site, then reload the page."),
        "no-script": tr("Part of this page didn't load. Copy what you have typed, then reload the page."),
        "outdated": tr("This browser is too old: some things look wrong or don't work. Please update it."),
    }
    wrong_host = fill(
        '<p class=wrong-host role=alert data-hosts="{hosts}">{text}</p>',
        hosts=" ".join(hosts),
        text=tr(
            "Nobody can join, because a proxy doesn't pass on the Host header. In nginx, set: %(setting)s",
            setting=NGINX_HOST,
        ),
    )
    notices = (fill("<p class={css} role=alert>{text}</p>", css=css, text=text) for css, text in texts.items())
    return concat([*notices, wrong_host])


def _splash(brand: Brand, *, has_bar: bool) -> Markup:
    """Show the bar or the welcome card, with the name of the chat, before any script has run."""
    if has_bar:
        return fill(
            '<div class="room splash"><header class=bar><img src="{picture}" alt="" width=28 height=28>'
            "<h1>{title}</h1></header></div>",
            picture=brand.picture,
            title=brand.title,
        )
    return fill(
        '<div class="welcome splash"><section class=card><img src="{picture}" alt="" width=48 height=48>'
        "<h1>{title}</h1><p>{description}</p></section></div>",
        picture=brand.picture,
        title=brand.title,
        description=brand.description,
    )
