"""A bare page with the chat's script, for what its functions decide."""

URL = "http://chat.test/"
PAGE = """
<div class=log tabindex=0><div class=log-inner>
  <article id=m-one tabindex=-1>One</article><article id=m-two>Two</article><article id=m-three>Three</article>
</div></div>
<div id=outbox></div>
<div class=composer><form id=composer data-owner=ann data-name=Ann data-room=lobby data-path=room/lobby>
  <textarea></textarea><button type=submit>Send</button>
</form><ul id=completion></ul></div>
<p class=wrong-host data-hosts=chat.test></p><p id=toast></p>
<script>
  nothing = () => {}
  manager = {on: nothing, reconnectionDelay: nothing, reconnectionDelayMax: nothing, timeout: nothing}
  window.socket = {connected: true, on: nothing, off: nothing, io: manager}; window.did_handshake = true; emitted = []
  emit = (...values) => emitted.push(values)
  fresh = () => { if (window.held) chat.give_up(); emitted = []; unsaved = {}; localStorage.clear(); \
sessionStorage.clear(); document.body.replaceChildren(); document.body.innerHTML = original }
  original = document.body.innerHTML
</script>
"""


class Script:
    """The functions of the script, by name."""

    def __init__(self, page):
        self._page = page

    async def call(self, name, *arguments):
        return await self._page.evaluate("([name, given]) => chat[name](...given)", [name, [*arguments]])

    async def key(self, name, key, within="#composer textarea", **options):
        """Call a function with a key pressed in an element; return what it emits, and whether it handled the key."""
        return await self._page.evaluate(
            """([name, key, within, options]) => {
              const event = new KeyboardEvent('keydown', {key, cancelable: true, bubbles: true, ...options})
              const target = document.querySelector(within)
              target.addEventListener('keydown', (event) => chat[name](event, emit), {once: true})
              target.dispatchEvent(event)
              return [emitted.flat(), event.defaultPrevented]
            }""",
            [name, key, within, options],
        )

    async def write(self, text, **data):
        """Put a text into the field, with `data-...` attributes of the form; the caret is at its end."""
        await self._page.evaluate(
            """([text, data]) => { const field = document.querySelector('textarea'); field.value = text; field.focus()
              Object.assign(document.getElementById('composer').dataset, data) }""",
            [text, data],
        )

    async def press(self, key):
        """Press a key where the focus is."""
        await self._page.keyboard.press(key)

    async def compose(self, text, is_done=True):
        """Enter a text by an input method where the focus is, or begin to."""
        keyboard = await self._page.context.new_cdp_session(self._page)
        end = {"selectionStart": len(text), "selectionEnd": len(text)}
        await keyboard.send("Input.imeSetComposition", {"text": text, **end})
        if is_done:
            await keyboard.send("Input.insertText", {"text": text})

    async def suggest(self, *options, word="", start=0):
        await self._page.evaluate(
            """([options, word, start]) => document.getElementById('completion').innerHTML = options.map(
              (text, i) => `<li id=o${i} role=option aria-selected=${i === 0} data-start=${start} data-word="${word}"
                data-typed="${text}" data-text="${text} ">${text}</li>`).join('')""",
            [options, word, start],
        )

    async def evaluate(self, expression, *argument):
        return await self._page.evaluate(expression, *argument)

    @property
    async def field(self):
        return await self._page.evaluate("document.querySelector('textarea').value")

    @property
    async def data(self):
        return await self._page.evaluate("({...document.getElementById('composer').dataset})")
