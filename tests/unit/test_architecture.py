"""The house: who reads the environment, browser expressions in one file, sessions in one module, no script of ours.

Which floor may import which is in `pyproject.toml` (`[tool.importlinter]`).
"""

import ast

import pytest

from tests.support.server import ROOT

MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted((ROOT / "chat").rglob("*.py"))
}


@pytest.mark.parametrize("module", [module for module in MODULES if module != "chat.settings"])
def test_only_the_settings_read_the_environment(module: str):
    tree = ast.walk(ast.parse(MODULES[module].read_text()))
    used = {ast.unparse(node) for node in tree if isinstance(node, ast.Attribute)}
    assert not used & {"os.environ", "os.getenv"}


@pytest.mark.parametrize("module", [module for module in MODULES if module != "chat.ui.browser"])
def test_browser_expressions_are_in_one_file(module: str):
    source = MODULES[module].read_text()
    for word in ("run_javascript", "js_handler", "<script"):
        assert word not in source


@pytest.mark.parametrize("module", [module for module in MODULES if module != "chat.web.sessions"])
def test_only_the_sessions_use_niceguis_storage(module: str):
    assert "app.storage" not in MODULES[module].read_text()


def test_no_script_of_ours():
    ours = [path for path in (ROOT / "assets").rglob("*") if "vendor" not in path.parts]
    assert not [path for path in ours if path.suffix in {".js", ".mjs", ".ts", ".vue"}]
