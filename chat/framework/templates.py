"""NiceGUI's templates, as this chat needs them: scripts with the request's nonce, something to see before they run, in
the direction of its language, no styles that nobody uses.
"""

import json
import re
from collections.abc import Callable
from functools import lru_cache

from jinja2 import BaseLoader, Environment

_SCRIPT = re.compile(r'<(script|link rel="modulepreload")(?=[ >])')
# The styles of NiceGUI's and Quasar's components, and icon fonts: none of these are used, and that is 51 KB.
_STYLES = re.compile(r"<style>\s*@layer theme,.*?</style>", re.DOTALL)
# What is seen until the page's program is there and takes its place. (NiceGUI would hide it, and tell browsers on
# a slow line that they are too old.)
_FALLBACK = re.compile(r'<div id="esm-fallback">.*?</div>')
_LANGUAGE = re.compile(r"(?<=<html{% if html_lang %}) (?=lang=)")
_APP = re.compile(r'(?<=<div id="app" )(.*?>)(?=</div>)')
# Until there is a connection, there is none: the page can say so if none ever comes.
_POPUP = re.compile(r'(<div id="popup" class="nicegui-error-popup" aria-hidden=)"true"')


def adapt(templates: Environment) -> None:
    """Change what stands in the templates themselves (not what is filled in)."""
    if not isinstance(templates.loader, _Loader):
        assert templates.loader
        templates.loader = _Loader(templates.loader)
        templates.filters["needed"] = _needed


class _Loader(BaseLoader):
    def __init__(self, inner: BaseLoader) -> None:
        self._inner = inner

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        source, name, fresh = self._inner.get_source(environment, template)
        attribute = "nonce=\"{{ request.scope['edge.nonce'] }}\""
        source = _FALLBACK.sub("", _STYLES.sub("", source)).replace("{{ imports | safe", "{{ imports | needed | safe")
        source = _POPUP.sub("{{ request.scope.get('edge.lost', '') | safe }}" r'\1"false"', source)
        source = _APP.sub(r"\1{{ request.scope.get('edge.splash', '') | safe }}", source)
        source = _LANGUAGE.sub(""" dir="{{ request.scope.get('edge.direction', 'ltr') }}" """, source)
        return _SCRIPT.sub(rf"\g<0> {attribute}", source), name, fresh


@lru_cache(10)
def _needed(imports: str) -> str:
    """An import map without the components that nobody uses: a kilobyte in each page."""
    return json.dumps({name: url for name, url in json.loads(imports).items() if not name.startswith("nicegui-")})
