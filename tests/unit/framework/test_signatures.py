"""The patch of NiceGUI's inspection of handlers."""

import inspect
from functools import partial

import nicegui.client
import nicegui.events
import nicegui.page
from nicegui import helpers

from chat.framework.patches.signatures import remember, remember_signatures
from tests.unit.framework.contract import source_hash


class Handlers:
    def method(self) -> None: ...

    def method_with_argument(self, event: object) -> None: ...

    def __call__(self, event: object) -> None: ...


HANDLERS = [
    lambda: None,
    lambda event: None,
    lambda event=None: None,
    lambda *events: None,
    lambda **values: None,
    lambda *, key: None,
    Handlers().method,
    Handlers().method_with_argument,
    Handlers.method,
    Handlers(),
    partial(lambda event: None, 1),
    print,
]


def test_function_is_the_one_the_patch_was_written_for():
    assert source_hash(inspect.unwrap(helpers.expects_arguments)) == "949f5c62f38a"
    assert "helpers.expects_arguments(handler)" in inspect.getsource(nicegui.events.handle_event)
    assert "inspect.signature(func)" in inspect.getsource(nicegui.client.Client.safe_invoke)
    assert "inspect.signature(func)" in inspect.getsource(nicegui.page.page._wrap)


def test_patched_function_returns_the_same():
    original = inspect.unwrap(helpers.expects_arguments)
    patched = remember(original)
    for _ in range(2):
        assert [patched(handler) for handler in HANDLERS] == [original(handler) for handler in HANDLERS]


def test_closures_with_other_defaults_are_told_apart():
    def make(has_default: bool) -> object:
        if has_default:
            return lambda event=1: event
        return lambda event: event

    patched = remember(inspect.unwrap(helpers.expects_arguments))
    assert [patched(make(has_default)) for has_default in (True, False, True)] == [False, True, False]


def test_signature_is_inspected_once():
    inspected = []

    def inspect_signature(func: object) -> bool:
        inspected.append(func)
        return False

    patched = remember(inspect_signature)
    for number in range(3):
        patched(lambda number=number: number)
    assert len(inspected) == 1


def test_patch_applied_twice_wraps_once():
    original = inspect.unwrap(helpers.expects_arguments)
    for _ in range(2):
        remember_signatures()
    assert helpers.expects_arguments.__wrapped__ is original


def test_pages_and_their_connections_use_remembered_signatures():
    remember_signatures()
    for module in nicegui.client, nicegui.page:
        signatures = [module.inspect.signature(lambda client, number=number: number) for number in range(3)]
        assert list(signatures[0].parameters) == ["client", "number"]
        assert signatures[0] is signatures[1] is signatures[2]
        assert module.inspect.Parameter is inspect.Parameter
