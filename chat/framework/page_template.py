"""Our own page template in place of NiceGUI's, rendered once for what pages have in common.

Written for: the `index.html` of NiceGUI 3.18.0, which ours follows line by line, with these differences:

- every script carries the request's nonce, and the page the direction of its language;
- a splash and a notice of a lost connection are there before any script runs;
- no styles of NiceGUI's and Quasar's components, no icon fonts, no Tailwind (51 KB that this chat doesn't use);
- no sanitizer for `ui.html`, `ui.markdown` and the like (12 KB): this chat only sends HTML that is safe already;
- no components of NiceGUI's, only native elements, so that the import map only names what each page imports.
"""

from functools import cache, lru_cache
from pathlib import Path

import nicegui
from jinja2 import Environment, FileSystemLoader, Template
from markupsafe import escape
from nicegui import core, json
from nicegui.translations import translations
from nicegui.version import __version__

from chat.web.files.static_files import FOR_EVER, StaticFile

TEMPLATE = Path(__file__).parent / "templates" / "index.html"
STATIC = Path(nicegui.__file__).parent / "static"
SCRIPTS = ("vue.esm-browser.prod.js", "socket.io.min.js", "quasar.umd.prod.js", "nicegui.js")
LANGUAGES = "lang/*.umd.prod.js"  # of which a page loads its own
SAFE = ("head", "elements", "query")
IN_EACH_PAGE = (*SAFE, "title", "nonce", "splash", "notices")
MARK = "\0"  # around the name of what differs from page to page


def render(language: str, direction: str, viewport: str, root_path: str, **in_this_page: str) -> str:
    """Return a page. What differs `IN_EACH_PAGE` is escaped, unless it is `SAFE` or `Markup`."""
    pieces = _pieces(language, direction, viewport, root_path)
    values = {name: value if name in SAFE else escape(value) for name, value in in_this_page.items()}
    return "".join(values[piece] if number % 2 else piece for number, piece in enumerate(pieces))


@lru_cache(100)
def _pieces(language: str, direction: str, viewport: str, root_path: str) -> list[str]:
    """Return the parts of the page, every second one of which is the name of what goes there."""
    config = core.app.config
    rendered = template().render(
        language=language,
        direction=direction,
        viewport=viewport,
        prefix=root_path,
        version=__version__,
        dark=config.dark,
        translations=translations.get(language, translations["en-US"]),  # type: ignore[call-overload]
        vue_config=json.dumps(config.quasar_config),
        vue_config_script=config.vue_config_script,
        transports=config.socket_io_js_transports,
        **{name: f"{MARK}{name}{MARK}" for name in IN_EACH_PAGE},
    )
    return rendered.split(MARK)


@cache
def template() -> Template:
    return Environment(loader=FileSystemLoader(TEMPLATE.parent), autoescape=True).get_template(TEMPLATE.name)


def page_files() -> dict[str, StaticFile]:
    """Return the files of NiceGUI that the template loads, by their paths, which contain NiceGUI's version."""
    languages = [path.relative_to(STATIC).as_posix() for path in STATIC.glob(LANGUAGES)]
    names = (*SCRIPTS, *languages)
    return {f"/_nicegui/{__version__}/static/{name}": StaticFile.at(STATIC / name, FOR_EVER) for name in names}
