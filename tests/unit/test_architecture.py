"""Architecture rules that import-linter can't check; the import contracts are in `pyproject.toml`."""

import ast
import sys

import pytest

from tests.support.server import ROOT

MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted((ROOT / "chat").rglob("*.py"))
}


def imported_packages(module: str) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(MODULES[module].read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative import"
            found.add(str(node.module).partition(".")[0])
    return found


@pytest.mark.parametrize("module", [module for module in MODULES if f"{module}.".startswith("chat.domain.")])
def test_domain_only_imports_the_standard_library_and_caches(module: str):
    assert imported_packages(module) - {"chat", "cachetools"} <= set(sys.stdlib_module_names)


@pytest.mark.parametrize("module", [module for module in MODULES if module != "chat.settings"])
def test_only_settings_read_the_environment(module: str):
    tree = ast.walk(ast.parse(MODULES[module].read_text()))
    used = {ast.unparse(node) for node in tree if isinstance(node, ast.Attribute)}
    assert not used & {"os.environ", "os.getenv"}


@pytest.mark.parametrize("module", [module for module in MODULES if module != "chat.ui.browser"])
def test_only_one_module_hands_code_to_the_browser(module: str):
    source = MODULES[module].read_text()
    for word in ("run_javascript", "js_handler"):
        assert word not in source


@pytest.mark.parametrize("module", [module for module in MODULES if module != "chat.ui.browser"])
def test_no_string_contains_javascript(module: str):
    tree = ast.parse(MODULES[module].read_text())
    strings = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    for word in ("=>", "document.", "querySelector", "function(", "function ("):
        assert not [string for string in strings if word in string]


def test_handler_glue_is_the_only_javascript_in_a_string():
    tree = ast.parse(MODULES["chat.ui.browser"].read_text())
    strings = [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    assert strings == [
        "f'chat.{_name(function)}({arguments})'",
        "f'it=>chat.{name}(it.el,emit)'",
        "f'it=>chat.{name}(it,emit)'",
    ]


@pytest.mark.parametrize("module", [module for module in MODULES if module != "chat.web.sessions"])
def test_only_sessions_use_the_storage_of_nicegui(module: str):
    assert "app.storage" not in MODULES[module].read_text()


@pytest.mark.parametrize("module", [module for module in MODULES if not module.startswith("chat.framework")])
def test_only_the_framework_reaches_into_nicegui(module: str):
    """Private attributes of clients and elements, and NiceGUI's core, are reached through `chat.framework`."""
    source = MODULES[module].read_text()
    for inside in ("nicegui.core", "import core", "client._", "._props", "._to_dict", "._classes", "core.sio"):
        assert inside not in source


def test_there_are_no_scripts_of_our_own():
    ours = [path for path in (ROOT / "assets").rglob("*") if "vendor" not in path.parts]
    assert not [path for path in ours if path.suffix in {".js", ".mjs", ".ts", ".vue"}]
