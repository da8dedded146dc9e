"""Our own page template in place of NiceGUI's.

Written for: the `index.html` of NiceGUI 3.18.0, which ours follows line by line, with these differences:

- every script carries the request's nonce, and the page the direction of its language;
- a splash and a notice of a lost connection are there before any script runs;
- no styles of NiceGUI's and Quasar's components, no icon fonts, no Tailwind (51 KB that this chat doesn't use);
- no sanitizer for `ui.html`, `ui.markdown` and the like (12 KB): this chat only sends HTML that is safe already;
- the import map only names modules that a page imports (1 KB in each page).
"""

import json
from functools import lru_cache
from pathlib import Path

import nicegui.client
from jinja2 import ChoiceLoader, FileSystemLoader
from nicegui.version import __version__

from chat.web.files.static_files import FOR_EVER, StaticFile
from chat.web.security.request_context import request_context

FOLDER = Path(__file__).parent / "templates"
STATIC = Path(nicegui.client.__file__).parent / "static"
MODULES = {"vue": "vue.esm-browser.prod.js"}
SCRIPTS = ("socket.io.min.js", "quasar.umd.prod.js", "nicegui.js")
LANGUAGES = "lang/*.umd.prod.js"  # of which a page loads its own


def install_template() -> None:
    """Find our template first; installing it again changes nothing."""
    environment = nicegui.client.templates.env
    if not isinstance(environment.loader, ChoiceLoader):
        assert environment.loader
        environment.loader = ChoiceLoader([FileSystemLoader(FOLDER), environment.loader])
        environment.filters["used_modules"] = used_modules
        environment.globals["request_context"] = request_context


def page_files() -> dict[str, StaticFile]:
    """Return the files of NiceGUI that the template loads, by their paths, which contain NiceGUI's version."""
    languages = [path.relative_to(STATIC).as_posix() for path in STATIC.glob(LANGUAGES)]
    names = (*MODULES.values(), *SCRIPTS, *languages)
    return {f"/_nicegui/{__version__}/static/{name}": StaticFile.at(STATIC / name, FOR_EVER) for name in names}


@lru_cache(10)
def used_modules(imports: str) -> str:
    """Keep the modules of an import map (JSON) that pages of this chat import."""
    return json.dumps({name: url for name, url in json.loads(imports).items() if name in MODULES})
