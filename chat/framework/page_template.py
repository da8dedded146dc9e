"""Our own page template in place of NiceGUI's.

Written for: the `index.html` of NiceGUI 3.18.0, which ours follows line by line, with these differences:

- every script carries the request's nonce, and the page the direction of its language;
- a splash and a notice of a lost connection are there before any script runs;
- no styles of NiceGUI's and Quasar's components, no icon fonts, no Tailwind (51 KB that this chat doesn't use);
- the import map only names modules that a page imports (1 KB in each page).
"""

import json
from functools import lru_cache
from pathlib import Path

import nicegui.client
from jinja2 import ChoiceLoader, FileSystemLoader

from chat.web.security.request_context import request_context

FOLDER = Path(__file__).parent / "templates"


def install_template() -> None:
    """Find our template first; installing it again changes nothing."""
    environment = nicegui.client.templates.env
    if not isinstance(environment.loader, ChoiceLoader):
        assert environment.loader
        environment.loader = ChoiceLoader([FileSystemLoader(FOLDER), environment.loader])
        environment.filters["without_components"] = without_components
        environment.globals["request_context"] = request_context


@lru_cache(10)
def without_components(imports: str) -> str:
    """Remove NiceGUI's components, which no page of this chat uses, from an import map (JSON)."""
    return json.dumps({name: url for name, url in json.loads(imports).items() if not name.startswith("nicegui-")})
