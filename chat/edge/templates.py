"""NiceGUI's templates, as this chat needs them: scripts with the request's nonce, and no styles that nobody uses."""

import re
from collections.abc import Callable

from jinja2 import BaseLoader, Environment

_SCRIPT = re.compile(r'<(script|link rel="modulepreload")(?=[ >])')
# The styles of Quasar's components and its icon fonts: the chat has none of either, and 49 KB less to wait for.
_UNUSED = re.compile(r'@import url\("[^"]*/(fonts|quasar\.\w+(\.prod)?)\.css"\) layer\(\w+\);')


def adapt(templates: Environment) -> None:
    """Change what stands in the templates themselves (not what is filled in)."""
    if not isinstance(templates.loader, _Loader):
        assert templates.loader
        templates.loader = _Loader(templates.loader)


class _Loader(BaseLoader):
    def __init__(self, inner: BaseLoader) -> None:
        self._inner = inner

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        source, name, fresh = self._inner.get_source(environment, template)
        attribute = "nonce=\"{{ request.scope['edge.nonce'] }}\""
        return _SCRIPT.sub(rf"\g<0> {attribute}", _UNUSED.sub("", source)), name, fresh
