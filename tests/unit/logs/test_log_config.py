"""Log lines: one each, truncated and escaped, and limited where clients can provoke them."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chat.logs.log_config import FIELD_LIMIT, LINE_LIMIT
from chat.logs.log_limit import LINES_PER_MINUTE

ROOT = Path(__file__).parents[3]
START = """
import json, logging, os, structlog, sys
from chat.logs import log_config
log_config.configure("info")
log = structlog.get_logger("chat.test")
for line in sys.stdin:
    program, *outputs = json.loads(line)
    if os.fork():
        print(os.waitstatus_to_exitcode(os.wait()[1]), flush=True)
        continue
    for target, path in enumerate(outputs, 1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), target)
    exec(program)
    break
"""

Logged = Callable[[str], list[str]]
"""Runs a program; returns the lines it writes to standard error."""


@pytest.fixture(scope="module")
def ready() -> Iterator[subprocess.Popen[str]]:
    """A process that has imported what all programs need, and forks for each."""
    command = [sys.executable, "-c", START]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process


@pytest.fixture
def logged(ready: subprocess.Popen[str], tmp_path: Path) -> Logged:
    def run(program: str) -> list[str]:
        output, errors = tmp_path / "output", tmp_path / "errors"
        assert ready.stdin
        assert ready.stdout
        ready.stdin.write(json.dumps([program, str(output), str(errors)]) + "\n")
        ready.stdin.flush()
        assert ready.stdout.readline() == "0\n", errors.read_text()
        assert output.read_bytes() == b""
        lines = errors.read_bytes()
        assert lines.endswith(b"\n") or not lines
        return lines.decode().split("\n")[:-1]

    return run


def test_line_has_time_level_event_and_fields(logged: Logged):
    [line] = logged("log.info('history cleared', by='ann')")
    timestamp, rest = line.split(" ", 1)
    assert timestamp.startswith("timestamp=20")
    assert timestamp.endswith("Z")
    assert rest == 'level=info event="history cleared" by=ann'


def test_libraries_log_in_the_same_format(logged: Logged):
    [line] = logged("logging.getLogger('uvicorn.error').warning('Invalid %s', 'request')")
    assert line.endswith('level=warning event="Invalid request"')


@pytest.mark.parametrize("logger", ["log", "logging.getLogger('nicegui')"])
def test_lines_below_the_level_are_not_written(logged: Logged, logger: str):
    assert logged(f"{logger}.debug('hidden')") == []


BREAKS = ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x1b[31m", "\x00", "\x85", "\u2028", "\u202e"]


def test_control_characters_in_fields_are_escaped(logged: Logged):
    lines = logged(f"for c in {BREAKS!a}: log.info('said', text='one' + c + 'timestamp=2026 level=error event=forged')")
    assert len(lines) == len(BREAKS)
    assert all(map(str.isprintable, lines))


def test_control_characters_in_lines_of_libraries_are_escaped(logged: Logged):
    lines = logged(f"for c in {BREAKS!a}: logging.getLogger('nicegui').error('one' + c + 'two')")
    assert len(lines) == len(BREAKS)
    assert all(map(str.isprintable, lines))


def test_exception_is_logged_in_one_line(logged: Logged):
    [line] = logged("try: {}['the key']\nexcept KeyError: log.exception('it failed')")
    assert "it failed" in line
    assert "KeyError: 'the key'" in line


def test_end_of_a_long_traceback_is_kept(logged: Logged):
    [line] = logged("""
def down(depth): return up(depth - 1) if depth else {}['the key']
def up(depth): return down(depth)
try: down(100)
except KeyError: log.exception('it failed')
""")
    assert "KeyError: 'the key'" in line
    assert len(line) < 10 * FIELD_LIMIT


def test_lone_surrogate_is_logged(logged: Logged):
    [line] = logged(r"log.info('said', text='\ud800')")
    assert "said" in line


@pytest.mark.parametrize("statement", ["log.info('x' * 100000)", "log.info('said', text='x' * 100000)"])
def test_long_fields_are_truncated(logged: Logged, statement: str):
    [line] = logged(statement)
    assert "x" * FIELD_LIMIT in line
    assert "x" * (FIELD_LIMIT + 1) not in line
    assert "(100000 characters)" in line


@pytest.mark.parametrize(
    "value", ["['x' * 100000]", "{'a': 'x' * 100000}", "ValueError('x' * 100000)", "b'x' * 100000"]
)
def test_long_values_of_any_type_are_truncated(logged: Logged, value: str):
    [line] = logged(f"log.info('said', value={value})")
    assert len(line) < 2 * FIELD_LIMIT


def test_long_line_of_a_library_is_truncated(logged: Logged):
    [line] = logged("logging.getLogger('nicegui').error('x' * 100000)")
    assert len(line) < 2 * FIELD_LIMIT


@pytest.mark.parametrize("c", ["\x1b", "\u2028", "\U000e0001"])
def test_line_of_nothing_but_control_characters_is_short(logged: Logged, c: str):
    [line] = logged(f"log.info('said', **{{name: {c!a} * 100000 for name in ('text', 'more', 'rest')}})")
    assert len(line) <= LINE_LIMIT + 1


LIBRARIES = ["nicegui", "uvicorn.error", "engineio.server", "socketio.server", "asyncio", "wsproto", "a.new.one"]


@pytest.mark.parametrize("again", ["", "log_config.configure('info')"], ids=["imported later", "imported before"])
def test_all_libraries_log_through_ours_once(logged: Logged, again: str):
    """Engine.IO and NiceGUI add handlers that write to standard error as it comes, when they are imported."""
    lines = logged(f"""
import engineio, socketio{", nicegui" if again else ""}
engineio.AsyncServer(), socketio.AsyncServer()
{again}
for name in {LIBRARIES}: logging.getLogger(name).error('one\\n%s', name)
""")
    assert [line.split(" ", 1)[1] for line in lines] == [f"level=error event=one\\n{name}" for name in LIBRARIES]


def test_warnings_of_python_are_lines_too(logged: Logged):
    [line] = logged("import warnings; warnings.warn('two\\nlines')")
    assert "two\\nlines" in line


def test_each_kind_of_line_is_limited_and_the_rest_is_counted(logged: Logged):
    lines = logged("""
for number in range(500): log.warning('sign-in failed', problem=number)
for number in range(30): logging.getLogger('nicegui').error(f'line {number}')
log.warning('another kind')
""")
    assert sum("sign-in failed" in line for line in lines[:-1]) == LINES_PER_MINUTE
    assert sum('event="line ' in line for line in lines[:-1]) == LINES_PER_MINUTE
    assert "another kind" in lines[-2]
    assert "count=490" in lines[-1]
    assert "480 of 'sign-in failed', 10 of nicegui, <string>:" in lines[-1]


FLOOD = """
def fail(what, problem):
    try: what()
    except Exception as error: report(problem, error)
for number in range(100): fail(lambda: int(f'{number} of a client'), 'it failed')
fail(lambda: {}['of the chat'], 'it failed')
"""


@pytest.mark.parametrize(
    "report",
    [
        "lambda text, error: log.exception(text)",
        "lambda text, error: log.error(text, exc_info=error)",
        "lambda text, error: logging.getLogger('uvicorn.error').exception(text)",
        "lambda text, error: logging.getLogger('asyncio').error(text, exc_info=error)",
    ],
)
def test_error_that_clients_provoke_hides_no_other_error(logged: Logged, report: str):
    lines = logged(f"report = {report}{FLOOD}")
    assert sum("of a client" in line for line in lines) == LINES_PER_MINUTE
    assert sum("of the chat" in line for line in lines) == 1
    assert "ValueError at <string>:" in lines[-1]


@pytest.mark.parametrize(
    ("noise", "line"),
    [
        ("error('file can\\'t be written', file='invitations.json')", "file can\\'t be written', file='accounts.json'"),
        ("info('moderated', kind='MessageReported')", "moderated', kind='Banned'"),
        ("error('a listener failed', kind='TypingStarted')", "a listener failed', kind='Banned'"),
    ],
)
def test_noise_hides_no_line_about_something_else(logged: Logged, noise: str, line: str):
    lines = logged(f"for number in range(100): log.{noise}\nlog.error('{line})")
    assert any(line.rpartition("='")[2].strip("'") in shown for shown in lines[:-1])


def test_lines_pass_again_after_a_minute(logged: Logged):
    lines = logged("""
import time
from chat.logs.log_limit import LineLimit
[handler] = logging.getLogger().handlers
handler.filters = [LineLimit(0.1)]
for number in range(25): log.info('said', number=number)
while handler.filters[0]._timer: time.sleep(0.01)
log.info('said', number=25)
""")
    assert ["count=5" in line for line in lines[-2:]] == [True, False]
    assert lines[-1].endswith("event=said number=25")
