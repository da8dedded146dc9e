"""Handing Python to the browser: compiling, naming, calling."""

import ast
import asyncio
import re
from collections.abc import Callable
from inspect import getsource, isfunction
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from chat.ui import browser
from chat.ui.browser import script
from chat.ui.browser.composing.sending import confirm
from chat.ui.browser.notifying import notify


@pytest.mark.parametrize("second", ["def send(): pass", "async def send(): pass", "send = 1", "A, send = 1, 2"])
def test_one_name_defined_twice_is_an_error(second: str):
    with pytest.raises(ValueError, match="send"):
        script.compile_script(["def send(): pass", second])


@pytest.mark.parametrize("source", ["LIMIT: int = 3", "class A: pass", "if True: pass", "for a in b: pass", "start()"])
def test_other_statements_are_an_error(source: str):
    with pytest.raises(ValueError, match="Neither"):
        script.compile_script([source])


@pytest.mark.parametrize("function", [lambda: None, print, test_one_name_defined_twice_is_an_error])
def test_only_functions_that_are_compiled_can_be_called(function: Callable):
    with pytest.raises(AssertionError):
        browser.call(Recorder(), function)


def test_url_names_the_content():
    assert script.script_url() == script.script_url()
    assert script.script_url().startswith("assets/browser-")


def test_arguments_are_data_whatever_they_contain():
    code = Recorder()
    browser.call(code, confirm, "'); alert(1); ('</script>\u2028")
    assert code.ran == r"""chat.confirm("'); alert(1); ('</script>\u2028")"""


def test_keyword_arguments_are_refused():
    with pytest.raises(AssertionError):
        browser.call(Recorder(), notify, "Ann", options={})


def declared(node: ast.AST) -> list[str]:
    match node:
        case ast.ClassDef(name, body=body):
            return [name, *(inner for part in body for inner in declared(part))]
        case ast.FunctionDef(name) | ast.AnnAssign(ast.Name(name)):
            return [name]
    return []


def test_only_what_is_used_of_the_dom_is_declared():
    stub = Path("chat/ui/browser/dom.pyi").read_text()
    sources = [getsource(module) for module in script.MODULES]
    names = {name for node in ast.parse(stub).body for name in declared(node) if not name.startswith("__")}
    assert {"Element", "querySelector", "matchMedia", "dataset"} <= names
    used = set(re.findall(r"\w+", "\n".join(sources)))
    types = set(re.findall(r"(?<!class )\b[A-Z]\w+\b", stub))
    assert names <= used | types


@pytest.mark.parametrize("module", script.MODULES, ids=lambda module: module.__name__.removeprefix("chat.ui.browser."))
def test_methods_that_differ_from_those_of_python_are_not_used(module: ModuleType):
    assert not re.findall(r"\.(?:strip|split)\(\)", getsource(module))  # see tests/browser/test_pscript.py


ASKS = re.compile(r"\b(ask|follow_link)\(")
LISTENS = re.compile(r"browser\.on\((?:[^()]|\([^()]*\))*\)")


def test_asking_event_is_answered():
    functions = {name: value for module in script.MODULES for name, value in vars(module).items() if isfunction(value)}
    asking = {name for name, function in functions.items() if asks(function)}
    assert {"emit_command", "emit_fields", "follow_link", "follow_result", "press", "send", "steer", "watch"} <= asking
    calls = [call for path in Path("chat/ui").rglob("*.py") for call in LISTENS.findall(path.read_text())]
    assert len(calls) > 50
    for call in calls:
        listener = call.split(",")[2].strip(" )\n")
        is_handled = call.count(",") > 2
        assert ("is_asked=True" in call) == (listener in asking and is_handled), call


def asks(function: Callable) -> bool:
    return ASKS.search(getsource(function).partition("\n")[2]) is not None


@pytest.mark.parametrize(
    ("emitted", "values", "answered"),
    [
        (["enter", "", {"held": 1}], ["enter", ""], "chat.release(1)"),
        (["search", {"held": 23}], "search", "chat.release(23)"),
        ({"held": 4}, [], "chat.release(4)"),
        ("search", "search", ""),
        (["a", "b"], ["a", "b"], ""),
        ([], [], ""),
        ({"a": {"held": 1}}, {"a": {"held": 1}}, ""),
        (["a", {"held": "1); alert(1"}], ["a", {"held": "1); alert(1"}], ""),
    ],
)
async def test_question_is_answered_once_its_handler_is_done(emitted: object, values: object, answered: str):
    client, got, may_end = Recorder(), [], asyncio.Event()

    async def finish() -> None:
        await may_end.wait()

    for outcome in (None, finish()):
        client.ran = ""
        event = SimpleNamespace(args=emitted, client=client)
        waiting = browser._answer(lambda event, outcome=outcome: got.append(event.args) or outcome, event)
        if waiting:
            assert not client.ran
            may_end.set()
            await waiting
        assert client.ran == answered
    assert got == [values, values]


class Recorder:
    """A client that keeps the code it is given."""

    ran = id = ""
    is_deleted = False

    def __init__(self) -> None:
        self.outbox = self

    def enqueue_message(self, kind: str, data: dict[str, str], target_id: str) -> None:
        assert (kind, target_id) == ("run_javascript", self.id)
        self.ran = data["code"]
