"""Compile the modules of this folder into one script, which every page loads."""

import ast
from collections import Counter
from functools import cache
from hashlib import sha256
from inspect import getsource

from pscript import create_js_module, py2js

from chat.ui.browser import (
    commanding,
    connecting,
    focusing,
    holding,
    listening,
    notifying,
    page,
    pushing,
    resuming,
    retyping,
    roving,
    sectioning,
)
from chat.ui.browser.composing import (
    attaching,
    awaiting,
    completing,
    dropping,
    editing,
    fitting,
    formatting,
    listing,
    owning,
    recording,
    sending,
    sent_texts,
    storing,
    uploading,
    writing,
)
from chat.ui.browser.dialogs import asking, closing, picking, picturing, searching
from chat.ui.browser.messages import (
    acting,
    copying,
    dividing,
    folding,
    message_menu,
    person_card,
    placing,
    pressing,
    reading,
    viewing,
)
from chat.ui.browser.navigation import filtering, linking, swiping
from chat.web.files.static_files import FOR_EVER, StaticFile

NAMESPACE = "chat"  # the one name that the script adds to the page
MODULES = (
    storing,
    connecting,
    page,
    retyping,
    holding,
    focusing,
    roving,
    fitting,
    writing,
    listing,
    sent_texts,
    awaiting,
    uploading,
    attaching,
    dropping,
    recording,
    picturing,
    sending,
    owning,
    editing,
    formatting,
    completing,
    dividing,
    person_card,
    folding,
    reading,
    placing,
    linking,
    filtering,
    sectioning,
    acting,
    copying,
    message_menu,
    pressing,
    commanding,
    asking,
    closing,
    searching,
    picking,
    notifying,
    pushing,
    swiping,
    viewing,
    listening,
    resuming,
)
ALLOWED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Assign, ast.Import, ast.ImportFrom)


def compile_script(sources: list[str], start: str = "") -> str:
    """Compile Python sources into one script, which makes their functions members of `chat`, and runs `start`.

    Imports and docstrings are left out. Raises `ValueError` if a module holds anything but functions and constants, or
    if a name is defined twice, because the later definition would silently replace the earlier one.
    """
    nodes = [node for source in sources for node in ast.parse(source).body]
    if strange := [ast.unparse(node) for node in nodes if not isinstance(node, ALLOWED) and not _is_docstring(node)]:
        raise ValueError(f"Neither a function nor a constant: {strange[0]}")
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    constants = [node for node in nodes if isinstance(node, ast.Assign)]
    names = Counter([*(function.name for function in functions), *_assigned(constants)])
    if twice := [name for name, count in names.items() if count > 1]:
        raise ValueError(f"Defined twice in chat/ui/browser: {', '.join(twice)}")
    body = ast.unparse(ast.Module([*constants, *functions, *ast.parse(start).body], []))
    exported = [function.name for function in functions]
    return str(create_js_module(NAMESPACE, py2js(body, docstrings=False), [], exported, "simple"))


@cache
def script() -> str:
    """Return the script, which calls `prepare` before the page's other scripts run."""
    return compile_script([getsource(module) for module in MODULES], start="prepare()")


@cache
def script_url() -> str:
    """Return the relative URL of the script; it changes with the content, so browsers may keep it forever."""
    return f"assets/browser-{sha256(script().encode()).hexdigest()[:12]}.js"


def script_file() -> StaticFile:
    """Return the script, to be served at its URL."""
    return StaticFile(script().encode, "text/javascript; charset=utf-8", FOR_EVER)


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _assigned(constants: list[ast.Assign]) -> list[str]:
    names = (node for constant in constants for target in constant.targets for node in ast.walk(target))
    return [node.id for node in names if isinstance(node, ast.Name)]
