"""Architecture rules that import-linter can't check; the import contracts are in `pyproject.toml`."""

import ast
import re
import sys
from collections.abc import Callable, Iterable
from functools import cache

from tests.support.server import ROOT

SOURCES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path.read_text()
    for path in sorted((ROOT / "chat").rglob("*.py"))
}


@cache
def nodes(module: str) -> list[ast.AST]:
    return [*ast.walk(ast.parse(SOURCES[module]))]


def offences(rule: Callable[[str], Iterable[str]], modules: Iterable[str]) -> dict[str, list[str]]:
    """Return what breaks a rule, by module."""
    return {module: found for module in modules if (found := [*rule(module)])}


def all_but(*exceptions: str) -> list[str]:
    assert set(exceptions) <= set(SOURCES)
    return [module for module in SOURCES if module not in exceptions]


def imported_packages(module: str) -> set[str]:
    found: set[str] = set()
    for node in nodes(module):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative import"
            found.add(str(node.module).partition(".")[0])
    return found


def uses_of_the_environment(module: str) -> set[str]:
    used = {ast.unparse(node) for node in nodes(module) if isinstance(node, ast.Attribute)}
    return used & {"os.environ", "os.getenv"}


def javascript(module: str) -> list[str]:
    constants = [node.value for node in nodes(module) if isinstance(node, ast.Constant)]
    words = ("=>", "document.", "querySelector", "function(", "function (")
    return [value for value in constants if isinstance(value, str) and any(word in value for word in words)]


def uses_of(*words: str) -> Callable[[str], list[str]]:
    return lambda module: [word for word in words if word in SOURCES[module]]


def test_domain_only_imports_the_standard_library_and_caches():
    domain = [module for module in SOURCES if f"{module}.".startswith("chat.domain.")]
    assert "chat.domain.rooms.conversation" in domain
    allowed = {"chat", "cachetools", *sys.stdlib_module_names}
    assert not offences(lambda module: imported_packages(module) - allowed, domain)


def test_only_settings_read_the_environment():
    assert not offences(uses_of_the_environment, all_but("chat.config.settings"))


def test_only_one_module_hands_code_to_the_browser():
    passed_on = "chat.framework.clients", "chat.framework.elements"
    words = uses_of("run_javascript", "run_in_browser", "js_handler")
    assert not offences(words, all_but("chat.ui.browser", *passed_on))


def test_no_string_contains_javascript():
    assert not offences(javascript, all_but("chat.ui.browser"))


def test_handler_glue_is_the_only_javascript_in_a_string():
    strings = [ast.unparse(node) for node in nodes("chat.ui.browser") if isinstance(node, ast.JoinedStr)]
    assert strings == [
        "f'chat.{_name(function)}({arguments})'",
        "f'it=>chat.{name}(it.el,emit)'",
        "f'it=>chat.{name}(it,emit)'",
    ]


def test_only_sessions_use_the_storage_of_nicegui():
    assert not offences(uses_of("app.storage"), all_but("chat.web.sessions"))


def test_only_the_framework_reaches_into_nicegui():
    """Private attributes of clients and elements, and NiceGUI's core, are reached through `chat.framework`."""
    others = [module for module in SOURCES if not module.startswith("chat.framework")]
    inside = ("nicegui.core", "import core", "client._", "._props", "._to_dict", "._classes", "core.sio")
    assert not offences(uses_of(*inside), others)


def test_modules_named_in_texts_exist():
    assert not offences(missing_modules, SOURCES)


def missing_modules(module: str) -> list[str]:
    """Return the names in backticks that look like a module, or something in one, but are neither."""
    named = re.findall(r"`(chat(?:\.\w+){2,})`", SOURCES[module])
    return [name for name in named if name not in SOURCES and not is_in_module(*name.rsplit(".", 1))]


def is_in_module(module: str, name: str) -> bool:
    return name in SOURCES.get(module, "")


def test_there_are_no_scripts_of_our_own():
    ours = [path for path in (ROOT / "assets").rglob("*") if "vendor" not in path.parts]
    assert not [path for path in ours if path.suffix in {".js", ".mjs", ".ts", ".vue"}]


def test_redis_is_only_imported_for_an_engine():
    others = [module for module in SOURCES if not f"{module}.".startswith("chat.storage.redis.")]
    assert not offences(lambda module: imported_packages(module) & {"redis"}, others)
    assert not offences(lambda module: imported_at_once(module) & ENGINE, others)


ENGINE = {module for module in SOURCES if module.startswith("chat.storage.redis.")} - {"chat.storage.redis.url"}


def imported_at_once(module: str) -> set[str]:
    """Return the modules that are imported whenever this one is."""
    return {str(node.module) for node in ast.parse(SOURCES[module]).body if isinstance(node, ast.ImportFrom)}
