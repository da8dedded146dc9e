"""Actions only the browser can perform, each as one JavaScript expression. No other file may contain any.

Nothing typed may get lost: a text leaves the field immediately (however long the round trip takes) and waits in the
tab's storage until the server has confirmed or refused it. After a lost connection or a restart it is sent again.
"""

import json
from collections.abc import Awaitable
from functools import cache
from string import Template
from typing import Any

from nicegui import Client, ui

HEAD = """
<link rel="preload" href="/assets/vendor/inter-5.3.0/inter-latin-wght-normal.woff2" as="font" type="font/woff2"
  crossorigin>
<link rel="stylesheet" href="/assets/chat.css?v={version}">
<script nonce="{nonce}" type="module" src="/assets/vendor/relative-time-element-5.3.1/bundle.js"></script>
<script nonce="{nonce}" type="module" src="/assets/vendor/invokers-polyfill-1.0.3/invoker.min.js"></script>
"""

# Emit the value of the pressed button, if it has one, and those of the fields.
FIELDS = """(event) => (event.preventDefault(),
  emit(...[event.submitter?.value || []].flat(), ...[...event.target.querySelectorAll('input')].map(
    (field) => field.type === 'checkbox' ? (field.checked ? 'on' : '') : field.value)))"""

# Copy the field beside a button, and say so on it (`navigator.clipboard` needs TLS).
COPY = """(event) => ((button, field) => field && (field.focus(), field.select(), document.execCommand('copy'))
  && (button.textContent = button.dataset.copied, button.focus())
)(event.target, event.target.closest('[data-copied]')?.parentElement.querySelector('input'))"""

# Emit the changed value.
VALUE = "(event) => emit(event.target.value)"

# On a closed list of choices, arrows and letters would choose immediately: open it instead, if the browser allows that.
OPEN_LIST = """(event) => event.target.showPicker && event.target.matches('select:not(:is(:open))')
  && !event.ctrlKey && !event.metaKey && !event.altKey && /^(Arrow.*|Home|End|Page.*|\\S)$/.test(event.key)
  && (event.preventDefault(), event.target.showPicker())"""

# Keep a field's value across reloads until the form is submitted.
KEEP_FIELD = """(vnode) => (vnode.el.value = sessionStorage.getItem('chat.' + vnode.el.name) ?? vnode.el.value,
  vnode.el.addEventListener('input', () => sessionStorage.setItem('chat.' + vnode.el.name, vnode.el.value)),
  vnode.el.form.addEventListener('submit', () => sessionStorage.removeItem('chat.' + vnode.el.name)))"""

# Close the dialog on Escape (in a search field, the first press would only empty that).
CLOSE = """(event) => event.key === 'Escape' && !event.isComposing
  && (event.preventDefault(), event.target.closest('dialog').close())"""

# Emit the name and value of the changed control.
CHOICE = """(event) => emit(event.target.name, {checkbox: event.target.checked, range: event.target.valueAsNumber
  }[event.target.type] ?? event.target.value)"""

# Emit a button's command, its value, and the id of the message it is on.
# (Earlier messages are inserted above without moving those below: without the browser's scroll anchoring for a moment.)
COMMAND = """(event) => (event.source?.matches('.gap.earlier') && ((log) => (log.style.overflowAnchor = 'none',
  setTimeout(() => (log.style.overflowAnchor = ''), 1000)))(document.querySelector('.log')),
  emit(event.command, event.source?.value ?? '', event.source?.closest('article')?.id.slice(2) ?? ''))"""

# Emit when the page is hidden or shown, and the keys that work everywhere but in dialogs: ? (outside fields) and
# Ctrl+K.
WATCH = """() => (document.hidden && emit('hidden'),
  document.addEventListener('visibilitychange', () => emit(document.hidden ? 'hidden' : 'visible')),
  document.addEventListener('keydown', (event) =>
    event.key === '?' && !event.target.matches('input, textarea, emoji-picker') ? (event.preventDefault(),
      document.querySelector('dialog[open]') || emit('keys'))
    : (event.ctrlKey || event.metaKey) && event.key === 'k' && (event.preventDefault(),
      document.querySelector('dialog[open]') || emit('search'))))"""

# Show the buttons in the message under the mouse, focus or finger; a click or tap then focuses it. (In all messages,
# they would double the nodes that a page with a thousand messages goes through at each change.)
SHOW_BUTTONS = """(event) => ((article) => article && !article.querySelector(':scope > .acts') && (
  document.querySelectorAll('.acts').forEach(
    (other) => other.parentElement.contains(document.activeElement) || other.remove()),
  article.tabIndex = -1,
  article.append(document.getElementById('acts').content.cloneNode(true)))
)(event.target.closest('article'))"""

# Arrow keys move between messages or between members; Enter presses a member's button, Escape returns to the field.
WALK = """(event) => ((all, at, steps) =>
  event.key === 'Escape' ? event.currentTarget.matches(':popover-open')
    || document.querySelector('#composer textarea').focus()
  : event.key === 'Enter' && event.target.matches('li') ? event.target.querySelector('button')?.click()
  : event.key in steps && all.length && (event.preventDefault(), ((one) => (one.tabIndex = -1, one.focus())
    )(all.at(Math.max(0, Math.min(all.length - 1, steps[event.key](at < 0 ? all.length : at))))))
)([...event.currentTarget.querySelectorAll('article, [data-member]')],
  [...event.currentTarget.querySelectorAll('article, [data-member]')].indexOf(
    event.target.closest('article, [data-member]')),
  {ArrowUp: (at) => at - 1, ArrowDown: (at) => at + 1, Home: () => 0, End: () => Infinity})"""

# Keep the place of a reader further up across reloads (such as after a restart).
KEEP_PLACE = """(event) => ((log, top) => log.scrollTop > -100 ? sessionStorage.removeItem('chat.place') : ((first) =>
  first && sessionStorage.setItem('chat.place', JSON.stringify(
    [first.id.slice(2), Math.round(first.getBoundingClientRect().top - top)]))
  )([...log.querySelectorAll('article')].find((article) => article.getBoundingClientRect().bottom > top + 1))
)(event.currentTarget, event.currentTarget.getBoundingClientRect().top)"""
RECALL_PLACE = """() => ((place) => place && performance.getEntriesByType('navigation')[0]?.type === 'reload'
  && emit(...JSON.parse(place)))(sessionStorage.getItem('chat.place'))"""

# Give a message that was rendered again (such as after a reaction) its buttons and its focus back.
FOCUSED = """(event) => (event.currentTarget.dataset.focused = JSON.stringify(
  [event.target.closest('article')?.id, event.target.getAttribute('command'), event.target.value]))"""
KEEP_FOCUS = """(vnode) => (vnode.el.querySelectorAll('article:hover:not(:has(> .acts))').forEach(
  (article) => article.append(document.getElementById('acts').content.cloneNode(true))),
  document.activeElement === document.body && vnode.el.dataset.focused
  && (([id, command, value]) => [...(document.getElementById(id)?.querySelectorAll('button') ?? [])].find(
    (button) => button.getAttribute('command') === command && button.value === value && button.checkVisibility()
  )?.focus({preventScroll: true}))(JSON.parse(vnode.el.dataset.focused)))"""

# If the element that had the focus is hidden or gone, focus the message whose buttons it was among.
RETURN = """() => (document.activeElement === document.body || !document.activeElement.checkVisibility())
  && (document.querySelector('article > .acts')?.parentElement ?? document.querySelector('.log'))?.focus()"""

# The button that leads down disappears; keep the focus in the message list.
DOWN = "() => (document.querySelector('.log').focus({preventScroll: true}), emit())"

# Keys in the field. While completions are open: choose one (fast typing is ahead of the list: an option that no longer
# fits the word, or adds nothing to it, is not chosen). Escape closes an answer, cancels a reply or an edit, removes an
# error. The up arrow in an empty field edits the last own message. Enter sends, but not with Shift, not while an input
# method composes (229: Safari), not on touch screens.
KEYS = """(event) => event.target.matches('textarea') && !event.isComposing && event.keyCode !== 229
  && ((form, options, at, fits) =>
    options.length && (event.key === 'ArrowDown' || event.key === 'ArrowUp') ? (event.preventDefault(),
      at < 0 || (options[at].ariaSelected = 'false'),
      ((option) => (option.ariaSelected = 'true', option.scrollIntoView({block: 'nearest'}),
        event.target.setAttribute('aria-activedescendant', option.id))
      )(options.at((event.key === 'ArrowDown' ? at + 1 : Math.max(at, 0) - 1) % options.length)))
    : options[at] && (event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey && fits(options[at]) ?
      (event.preventDefault(), options[at].click())
    : event.key === 'Escape' && (options.length || form.dataset.about
      || document.querySelector('.answer:not([hidden]), .composer > .reason:not(:empty)')) ?
      (event.preventDefault(), emit('escape'))
    : event.key === 'ArrowUp' && event.target.value === '' ? (event.preventDefault(), emit('edit'))
    : event.key === 'Enter' && !event.shiftKey && !matchMedia('(pointer: coarse)').matches
      && (event.preventDefault(), form.requestSubmit())
  )(event.target.form, [...document.querySelectorAll('#completion [role=option]')],
    [...document.querySelectorAll('#completion [role=option]')].findIndex((one) => one.ariaSelected === 'true'),
    ({dataset: {start, word, typed: whole}}) => ((typed) => typed === word
      || whole.length > typed.length && whole.toLowerCase().startsWith(typed.toLowerCase())
    )(event.target.value.slice(+start, event.target.selectionStart)))"""

# Emit the beginning of the text, for the typing line.
TYPED = """(event) => (event.currentTarget.dispatchEvent(new Event('keep')),
  emit(event.target.value.slice(0, 2).toWellFormed()))"""

# Keep the draft for reloads and other tabs. A text with a subject is kept for this tab only, and so is the draft that
# an edit replaced.
KEEP = """(event) => (({dataset: {owner, about, kept}}, text) => (
  about?.startsWith('edit') || localStorage.setItem('chat.draft.' + owner, text),
  about ? sessionStorage.setItem('chat.about.' + owner, JSON.stringify([text, about, kept]))
  : sessionStorage.removeItem('chat.about.' + owner)
))(event.currentTarget, event.currentTarget.querySelector('textarea').value)"""

# Emit the text before the caret and its offset, while there may be something to complete. Without a connection, wait
# for one (NiceGUI would send every key then, in any order).
COMPLETE = """(event) => ((field, end) => window.did_handshake && document.activeElement === field
  && (/(^|[\\s(\\[{])[@:/][^\\n]{0,40}$/.test(field.value.slice(0, end))
    || document.querySelector('#completion:not(:empty)'))
  && emit(field.value.slice(Math.max(0, end - 60), end).toWellFormed(), Math.max(0, end - 60))
)(event.currentTarget.querySelector('textarea'), event.currentTarget.querySelector('textarea').selectionStart)"""

# Replace the word before the caret with the clicked option.
CHOOSE = """(event) => ((option, list, field) => option && (
  field.setRangeText(option.dataset.text, +option.dataset.start, field.selectionStart, 'end'),
  field.dispatchEvent(new Event('input', {bubbles: true})), list.replaceChildren(), field.focus())
)(event.target.closest('[role=option]'), event.currentTarget, document.querySelector('#composer textarea'))"""

# Store the text with its subject under a new id (times sort), show it as waiting, empty the field, and send it if
# connected (cut far above the longest accepted text), with whether the previous refusal was seen.
SEND = """(event) => (event.preventDefault(), ((form, field, text, id) => text.trim() === '' || (
  sessionStorage.setItem('chat.sent.' + id, JSON.stringify([text, form.dataset.about ?? ''])),
  document.getElementById('outbox').append(
    Object.assign(document.createElement('p'), {id: 'sent-' + id, dir: 'auto', textContent: text})),
  window.socket.connected && emit(
    id, text.slice(0, 50000).toWellFormed(), form.dataset.about ?? '', !!field.dataset.returned),
  field.value = form.dataset.kept ?? '', field.dataset.returned = '',
  delete form.dataset.about, delete form.dataset.kept,
  field.dispatchEvent(new Event('input', {bubbles: true})),
  document.getElementById('completion')?.replaceChildren(), field.focus()
))(event.target, event.target.querySelector('textarea'), event.target.querySelector('textarea').value.toWellFormed(),
   Date.now().toString(36) + crypto.getRandomValues(new Uint32Array(1))[0].toString(36).padStart(7, '0')))"""

# Send unconfirmed texts again, in order.
RESEND = """() => Object.keys(sessionStorage).filter((name) => name.startsWith('chat.sent.')).sort()
  .forEach((name) => (([text, ...more]) => emit(name.slice(10), text.slice(0, 50000).toWellFormed(), ...more)
  )(JSON.parse(sessionStorage.getItem(name))))"""

# Restore the draft after a (re)load, or the text with a subject, which is emitted. Afterwards follow the draft of other
# tabs as long as it is the same, so that a text sent there is not sent again.
RESTORE = """(vnode) => ((form, field, name) => (
  (([text, about, kept]) => (field.value = text,
    about && (form.dataset.about = about, kept == null || (form.dataset.kept = kept), emit(about)))
  )(JSON.parse(sessionStorage.getItem('chat.about.' + form.dataset.owner)) ?? [localStorage.getItem(name) ?? '']),
  addEventListener('storage', (event) => event.key !== name ||
    (form.dataset.kept === event.oldValue && (form.dataset.kept = event.newValue ?? ''),
    form.dataset.about || field.value !== (event.oldValue ?? '') || (field.value = event.newValue ?? '')))
))(vnode.el, vnode.el.querySelector('textarea'), 'chat.draft.' + vnode.el.dataset.owner)"""

_CONFIRM = """(sessionStorage.removeItem('chat.sent.' + $id), document.getElementById('sent-' + $id)?.remove())"""

# Put the text back into the field, before text typed since and after text restored before.
_RESTORE_TEXT = """((form, field, [text, about]) => text === null || (
  $again && about.startsWith('edit') && !form.dataset.about ? (
    form.dataset.kept = field.value, form.dataset.about = about, field.value = field.dataset.returned = text
  ) : ((before) => (
    field.dataset.returned = before ? before + '\\n' + text : text,
    field.value = [field.dataset.returned, field.value.slice(before.length).replace(before ? /^\\n/ : '', '')]
      .filter(Boolean).join('\\n'),
    about && $again && !form.dataset.about && (form.dataset.about = about)
  ))(field.value.startsWith(field.dataset.returned ?? '') ? field.dataset.returned ?? '' : ''),
  form.dispatchEvent(new Event('keep')), field.focus())
)(document.getElementById('composer'), document.querySelector('#composer textarea'),
  JSON.parse(sessionStorage.getItem('chat.sent.' + $id) ?? '[null]'))"""

_RESEND_NOW = "document.getElementById('composer')?.dispatchEvent(new Event('resend'))"

_FORGET = """(localStorage.removeItem('chat.draft.' + $owner), sessionStorage.removeItem('chat.about.' + $owner),
  Object.keys(sessionStorage).filter((name) => name.startsWith('chat.sent.')).forEach(
    (name) => sessionStorage.removeItem(name)))"""

# Give the next text a subject; while a message is edited, the draft is set aside.
_COMPOSE = """((form, field, about, text) => (
  field.value = form.dataset.kept ?? field.value, delete form.dataset.kept,
  text === null || (form.dataset.kept = field.value, field.value = text),
  form.dataset.about = about, form.dispatchEvent(new Event('keep')),
  field.focus(), field.setSelectionRange(field.value.length, field.value.length)
))(document.getElementById('composer'), document.querySelector('#composer textarea'), $about, $text)"""

_CANCEL_REPLY = """((form, field) => (field.value = form.dataset.kept ?? field.value,
  delete form.dataset.kept, delete form.dataset.about, form.dispatchEvent(new Event('keep')), field.focus()
))(document.getElementById('composer'), document.querySelector('#composer textarea'))"""

_POINT = """((field, first) => (field.setAttribute('aria-controls', 'completion'),
  first?.ariaSelected === 'true' ? field.setAttribute('aria-activedescendant', first.id)
  : field.removeAttribute('aria-activedescendant'))
)(document.querySelector('#composer textarea'), document.querySelector('#completion [role=option]'))"""

# No date may be shown near the message, so its own time shows it. The scroll position is known a frame later, when the
# observers have reported.
_JUMP = """((message) => (message && (message.scrollIntoView({block: 'center'}),
  $mark && (message.tabIndex = -1, message.focus({preventScroll: true}),
  message.animate([{backgroundColor: 'var(--mark)'}, {backgroundColor: 'transparent'}], {duration: 2500}),
  ['weekday', 'month', 'day', 'year'].forEach((part) => message.querySelector(
    ':scope > relative-time, :scope > .when > relative-time')?.removeAttribute(part)))),
  new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(
    () => done(document.querySelector('.log').scrollTop > -2))))
))(document.getElementById('m-' + $id))"""

_RETURN = """((log, message) => message && (log.scrollTop +=
  message.getBoundingClientRect().top - log.getBoundingClientRect().top - $offset)
)(document.querySelector('.log'), document.getElementById('m-' + $id))"""

# Open beside the button if that is still visible, or else beside the text. Both may be rendered again, so the anchor is
# an element of the list in the same place.
_POP_UP = """((popover, spot, message, log) => ((button) => ((box) => (popover.dataset.message = 'm-' + $id,
  Object.assign(spot.style, {left: box.left - log.left + 'px', top: box.top - log.top + 'px',
    width: box.width + 'px', height: box.height + 'px'}),
  popover.showPopover({source: spot})
))((button?.checkVisibility() ? button : message?.querySelector('.text') ?? spot).getBoundingClientRect())
)(message?.querySelector('.acts [command="--react"]'))
)(document.getElementById($popover), document.getElementById('spot'), document.getElementById('m-' + $id),
  document.querySelector('.log-inner').getBoundingClientRect())"""

# Escape in a popover returns to its message; the button that opened it is hidden by then.
BACK = """(event) => event.key === 'Escape' && ((message) => message && (message.tabIndex = -1,
  message.focus({preventScroll: true})))(document.getElementById(event.currentTarget.dataset.message))"""

_REFOCUS = """(document.activeElement === document.body || !document.activeElement.checkVisibility())
  && ((message) => (message && (message.tabIndex = -1),
  ([...(message?.querySelectorAll('.reactions button') ?? [])].find(
    (button) => button.value === $value && button.checkVisibility()) ?? message
    ?? document.querySelector(matchMedia('(pointer: coarse)').matches ? '.log' : '#composer textarea')
  ).focus({preventScroll: true})))(document.getElementById('m-' + $id))"""

# Not on touch screens: their keyboard would cover the emoji.
_FOCUS_PICKER = """matchMedia('(pointer: coarse)').matches || customElements.whenDefined('emoji-picker').then(() =>
  requestAnimationFrame(() => document.querySelector('emoji-picker').shadowRoot.querySelector('input').focus()))"""

# Emit whether the browser lets this site show notifications: granted, denied, default (not asked yet), or empty if not
# supported.
PERMISSION = "() => emit(window.Notification?.permission ?? '')"

# Ask for permission; browsers do so only after a click.
ASK_PERMISSION = "() => Notification.requestPermission().then(emit)"

# One for each room, replaced by the next; a click leads to the page. (Some phones allow it to service workers only.)
_NOTIFY = """window.Notification?.permission === 'granted' && Promise.resolve().then(() => Object.assign(
  new Notification($title, {body: $body, tag: $tag, lang: $language, icon: $icon, silent: true}),
  {onclick: (event) => (window.focus(), event.target.close())})).catch(() => {})"""

_FOCUS_COMMAND = "document.querySelector('.bar [command=' + CSS.escape($command) + ']')?.focus()"

# The colour of a phone's own bar.
_THEME = """(document.querySelectorAll('meta[name=theme-color]').forEach((tag) => tag.remove()),
  document.head.insertAdjacentHTML('beforeend', $tags))"""

_LOAD_PICKER = """(Object.assign(document.querySelector('emoji-picker') ?? {}, {i18n: $words}),
  import('/assets/vendor/emoji-picker-element-1.29.1/picker.js'))"""


def confirm(client: Client, message_id: str) -> None:
    """Confirm that a text was posted or refused: the tab stops keeping it."""
    _run(client, _CONFIRM, id=message_id)


def restore_text(client: Client, message_id: str, *, keep_subject: bool) -> None:
    """Put a refused text back into the field, and its subject too with `keep_subject`."""
    _run(client, _RESTORE_TEXT, id=message_id, again=keep_subject)
    confirm(client, message_id)


def resend(client: Client) -> None:
    """Send unconfirmed texts again after a reconnect."""
    _run(client, _RESEND_NOW)


def forget(client: Client, owner: str) -> None:
    """Delete the drafts and unsent texts of a leaving member."""
    _run(client, _FORGET, owner=owner)


def compose(client: Client, subject: str, text: str | None = None) -> None:
    """Give the next text a subject; `text` replaces the field's content until it is sent or cancelled."""
    _run(client, _COMPOSE, about=subject, text=text)


def cancel_reply(client: Client) -> None:
    """Remove the subject from the next text."""
    _run(client, _CANCEL_REPLY)


def point(client: Client) -> None:
    """Tell assistive technology which completion is selected."""
    _run(client, _POINT)


def reload(client: Client) -> None:
    """Reload the page; drafts and the scroll position survive."""
    _run(client, "location.reload()")


def jump(client: Client, message_id: str, *, mark: bool = True) -> Awaitable[bool]:
    """Scroll to a message that the page has, and highlight it with `mark`; return whether the list is at its end."""
    return _run(client, _JUMP, id=message_id, mark=mark)


def scroll_back(client: Client, message_id: str, offset: int) -> None:
    """Scroll a message to `offset` pixels below the top of the list."""
    _run(client, _RETURN, id=message_id, offset=offset)


def pop_up(client: Client, popover: str, message_id: str) -> None:
    """Open a popover beside the button of a message."""
    _run(client, _POP_UP, popover=popover, id=message_id)


def refocus(client: Client, message_id: str = "", reaction: str = "") -> None:
    """If nothing has the focus, give it to a reaction, or else its message, or else the field."""
    _run(client, _REFOCUS, id=message_id, value=reaction)


def focus_picker(client: Client) -> None:
    """Focus the search field of the emoji picker."""
    _run(client, _FOCUS_PICKER)


def notify(client: Client, tag: str, title: str, **options: str) -> None:
    """Show a system notification, replacing the previous one with this `tag`, if the member allowed it.

    The options are `body`, `language` and `icon`.
    """
    _run(client, _NOTIFY, tag=tag, title=title, **options)


def focus_command(client: Client, command: str) -> None:
    """Focus the button in the bar with this command."""
    _run(client, _FOCUS_COMMAND, command=command)


def theme(client: Client, tags: str) -> None:
    """Replace the `theme-color` tags."""
    _run(client, _THEME, tags=tags)


def load_picker(client: Client, texts: dict[str, Any]) -> None:
    """Load the emoji picker with its texts."""
    _run(client, _LOAD_PICKER, words=texts)


def on(element: ui.element, event: str, expression: str, handler: object = None, throttle: float = 0.0) -> None:
    """Handle a browser event with an expression; emitted values go to `handler` in Python."""
    element.on(event, handler, js_handler=_on_one_line(expression), throttle=throttle)  # type: ignore[arg-type]


@cache
def _on_one_line(expression: str) -> str:
    """Remove indentation, which is an eighth of a page; line breaks within strings are escaped."""
    return " ".join(expression.split())


def _run(client: Client, expression: str, **values: str | bool | int | dict[str, Any] | None) -> Awaitable[Any]:
    filled = {name: json.dumps(value) for name, value in values.items()}
    return client.run_javascript(Template(expression).substitute(filled), timeout=10)
