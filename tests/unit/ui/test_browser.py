"""Handing Python to the browser: compiling, naming, calling."""

from collections.abc import Callable

import pytest

from chat.ui import browser
from chat.ui.browser import script
from chat.ui.browser.notifying import notify
from chat.ui.browser.sending import confirm


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


class Recorder:
    """A client that keeps the code it is given."""

    ran = ""

    def run_javascript(self, code: str, timeout: float) -> None:
        self.ran = code
