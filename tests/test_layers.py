"""The house: imports only go down, the domain knows no framework, browser expressions live in one file."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOMAIN = {
    "chat", "chat.accounts", "chat.acts", "chat.addressing", "chat.anonymity", "chat.audit", "chat.calls",
    "chat.collation", "chat.commands", "chat.completion", "chat.conversation", "chat.doors", "chat.errors",
    "chat.events", "chat.gate", "chat.history", "chat.invitations", "chat.lookalikes", "chat.measures", "chat.members",
    "chat.mentions", "chat.messages", "chat.moderating", "chat.moderation", "chat.pace", "chat.preferences",
    "chat.presence", "chat.reports", "chat.reserved", "chat.roles", "chat.room", "chat.sanctions", "chat.search",
    "chat.timeline", "chat.unread", "chat.wordfilter",
}  # fmt: skip
EDGES = {
    "chat.audit_words", "chat.branding", "chat.edge", "chat.edge.addresses", "chat.edge.answers",
    "chat.edge.connections", "chat.edge.farewell", "chat.edge.files", "chat.edge.frames", "chat.edge.headers",
    "chat.edge.layer", "chat.edge.limits", "chat.edge.sockets", "chat.edge.templates", "chat.edge.tidy",
    "chat.edge.turns", "chat.emojis", "chat.i18n", "chat.logs", "chat.markup", "chat.markup.addresses",
    "chat.markup.highlight", "chat.markup.reading", "chat.names", "chat.notices", "chat.passwords", "chat.rates",
    "chat.settings", "chat.sso", "chat.store", "chat.store.accounts", "chat.store.audit", "chat.store.chatlog",
    "chat.store.durable", "chat.store.files", "chat.store.folding", "chat.store.invitations", "chat.store.journal",
    "chat.store.moderation", "chat.transcript", "chat.tries", "chat.words",
}  # fmt: skip
STATE = {"chat.account_book", "chat.desk", "chat.doorkeeper", "chat.ledger", "chat.registrar", "chat.state"}
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted((ROOT / "chat").rglob("*.py"))
}


def floor(module: str) -> int:
    for number, modules in enumerate((DOMAIN, EDGES, STATE)):
        if module in modules:
            return number
    assert module == "chat.web" or module.startswith("chat.ui"), f"{module} is on no floor: put it on one"
    return 3


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in MODULES else str(node.module) for name in names}
    return found


def test_every_module_of_the_list_exists():
    assert set(MODULES) >= DOMAIN | EDGES | STATE


@pytest.mark.parametrize("module", MODULES)
def test_imports_only_go_down(module: str):
    for imported in imports(MODULES[module]) & set(MODULES):
        assert floor(imported) <= floor(module), f"{module} imports {imported}, which is above it"


@pytest.mark.parametrize("module", sorted(DOMAIN))
def test_the_domain_needs_the_standard_library_only(module: str):
    others = {name.split(".")[0] for name in imports(MODULES[module])} - {"chat"}
    assert others <= set(sys.stdlib_module_names)


@pytest.mark.parametrize("module", sorted(EDGES | STATE))
def test_nothing_below_the_page_knows_nicegui(module: str):
    assert "nicegui" not in {name.split(".")[0] for name in imports(MODULES[module])}


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


@pytest.mark.parametrize("module", [module for module in MODULES if module != "chat.ui.session"])
def test_only_the_session_uses_niceguis_storage(module: str):
    assert "app.storage" not in MODULES[module].read_text()


def test_no_script_of_ours():
    ours = [path for path in (ROOT / "assets").rglob("*") if "vendor" not in path.parts]
    assert not [path for path in ours if path.suffix in {".js", ".mjs", ".ts", ".vue"}]
