"""What only the browser can do, each as one expression. No other file may hold any.

What is typed must never get lost: the text leaves the field at once (at any round trip time) and waits in the tab's
own storage until the server has settled it. What was on its way when a connection or the server died is sent again.
"""

import json

from nicegui import Client, ui

HEAD = """
<link rel="preload" href="/assets/vendor/inter-5.3.0/inter-latin-wght-normal.woff2" as="font" type="font/woff2"
  crossorigin>
<link rel="stylesheet" href="/assets/chat.css?v={version}">
<script type="module" src="/assets/vendor/relative-time-element-5.3.1/bundle.js"></script>
<script type="module" src="/assets/vendor/invokers-polyfill-1.0.3/invoker.min.js"></script>
"""

# Emit what is in the one text field of a form.
FIELD = "(event) => (event.preventDefault(), emit(event.target.querySelector('input').value))"

# Emit the value of what was changed.
VALUE = "(event) => emit(event.target.value)"

# Enter sends; not with Shift, not while an input method composes (229: Safari), not on touch screens.
ENTER = """(event) => event.key === 'Enter' && event.target.matches('textarea') && !event.shiftKey
  && !event.isComposing && event.keyCode !== 229 && !matchMedia('(pointer: coarse)').matches
  && (event.preventDefault(), event.target.form.requestSubmit())"""

# Keep the draft over reloads, and tell the beginning of the text, for the typing line.
DRAFT = """(event) => (sessionStorage.setItem('chat.draft', event.target.value),
  emit(event.target.value.slice(0, 2)))"""

# Put the text aside under a fresh id (times sort), show it as waiting, empty the field, and send if there is a line,
# saying whether the person has seen why the one before was refused.
SEND = """(event) => (event.preventDefault(), ((field, id) => field.value.trim() === '' || (
  sessionStorage.setItem('chat.sent.' + id, field.value),
  document.getElementById('outbox').append(
    Object.assign(document.createElement('p'), {id: 'sent-' + id, dir: 'auto', textContent: field.value})),
  window.socket.connected && emit(id, field.value, !!field.dataset.returned),
  field.value = field.dataset.returned = '', field.dispatchEvent(new Event('input', {bubbles: true})), field.focus()
))(event.target.querySelector('textarea'),
   Date.now().toString(36) + crypto.getRandomValues(new Uint32Array(1))[0].toString(36).padStart(7, '0')))"""

# Send again, in order, what has not been settled.
RESEND = """() => Object.keys(sessionStorage).filter((name) => name.startsWith('chat.sent.')).sort()
  .forEach((name) => emit(name.slice(10), sessionStorage.getItem(name)))"""

# A page has been (re)loaded: the draft is back in the field, and what was on its way is sent.
RESTORE = """(vnode) => (vnode.el.querySelector('textarea').value = sessionStorage.getItem('chat.draft') ?? '',
  vnode.el.dispatchEvent(new Event('resend')))"""

_SETTLE = """(sessionStorage.removeItem('chat.sent.' + {id}), document.getElementById('sent-' + {id})?.remove())"""

# Back into the field, before what was typed since, and behind what was given back before.
_GIVE_BACK = """((field, text) => text === null || ((before) => (
  field.dataset.returned = before ? before + '\\n' + text : text,
  field.value = [field.dataset.returned, field.value.slice(before.length).replace(before ? /^\\n/ : '', '')]
    .filter(Boolean).join('\\n'),
  sessionStorage.setItem('chat.draft', field.value), field.focus()
))(field.value.startsWith(field.dataset.returned ?? '') ? field.dataset.returned ?? '' : '')
)(document.querySelector('#composer textarea'), sessionStorage.getItem('chat.sent.' + {id}))"""

_RESEND_NOW = "document.getElementById('composer')?.dispatchEvent(new Event('resend'))"

_FORGET = "sessionStorage.removeItem('chat.draft')"


def settle(client: Client, message_id: str) -> None:
    """The message with this id was dealt with: the tab need not keep its text any more."""
    client.run_javascript(_SETTLE.format(id=json.dumps(message_id)))


def give_back(client: Client, message_id: str) -> None:
    """The message with this id was refused: its text goes back into the field."""
    client.run_javascript(_GIVE_BACK.format(id=json.dumps(message_id)))
    settle(client, message_id)


def resend(client: Client) -> None:
    """The page is connected again: what was on its way is sent again."""
    client.run_javascript(_RESEND_NOW)


def forget(client: Client) -> None:
    """The person leaves: their draft is not for the next one."""
    client.run_javascript(_FORGET)


def on(element: ui.element, event: str, expression: str, handler: object = None, throttle: float = 0.0) -> None:
    """Let `expression` answer a browser event; what it emits goes to `handler` in Python."""
    element.on(event, handler, js_handler=expression, throttle=throttle)  # type: ignore[arg-type]
