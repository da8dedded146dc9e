"""The logs of a program: one line each, cut and escaped, and bounded where clients could provoke them."""

import subprocess
import sys
from pathlib import Path

import pytest

from chat.log_config import FIELD_LIMIT, LINES_A_MINUTE

ROOT = Path(__file__).parents[2]
START = """
import logging, structlog
from chat import log_config as logs
logs.configure("info")
log = structlog.get_logger("chat.test")
"""


def logged(program: str) -> list[str]:
    """The lines that a program with these logs writes to standard error."""
    run = subprocess.run([sys.executable, "-c", START + program], cwd=ROOT, capture_output=True, check=True)
    assert run.stdout == b""
    assert run.stderr.endswith(b"\n") or not run.stderr
    return run.stderr.decode().split("\n")[:-1]


def test_a_line_has_time_level_event_and_fields():
    [line] = logged("log.info('history cleared', by='ann')")
    timestamp, rest = line.split(" ", 1)
    assert timestamp.startswith("timestamp=20")
    assert timestamp.endswith("Z")
    assert rest == 'level=info event="history cleared" by=ann'


def test_libraries_write_the_same_lines():
    [line] = logged("logging.getLogger('uvicorn.error').warning('Invalid %s', 'request')")
    assert line.endswith('level=warning event="Invalid request"')


@pytest.mark.parametrize("who", ["log", "logging.getLogger('nicegui')"])
def test_lines_below_the_level_are_not_written(who: str):
    assert logged(f"{who}.debug('hidden')") == []


BREAKS = ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x1b[31m", "\x00", "\x85", "\u2028", "\u202e"]


@pytest.mark.parametrize("character", BREAKS, ids=ascii)
def test_nothing_in_a_field_breaks_the_line_or_steers_a_terminal(character: str):
    [line] = logged(f"log.info('said', text='one' + {character!a} + 'timestamp=2026 level=error event=forged')")
    assert line.isprintable()


@pytest.mark.parametrize("character", BREAKS, ids=ascii)
def test_nothing_in_a_librarys_line_does_so_either(character: str):
    [line] = logged(f"logging.getLogger('nicegui').error('one' + {character!a} + 'two')")
    assert line.isprintable()


def test_an_exception_is_one_line_that_tells_what_it_was():
    [line] = logged("try: {}['the key']\nexcept KeyError: log.exception('it failed')")
    assert "it failed" in line
    assert "KeyError: 'the key'" in line


def test_the_end_of_a_long_traceback_is_kept():
    [line] = logged("""
def down(depth): return up(depth - 1) if depth else {}['the key']
def up(depth): return down(depth)
try: down(100)
except KeyError: log.exception('it failed')
""")
    assert "KeyError: 'the key'" in line
    assert len(line) < 10 * FIELD_LIMIT


def test_a_lone_surrogate_is_written_somehow():
    [line] = logged(r"log.info('said', text='\ud800')")
    assert "said" in line


@pytest.mark.parametrize("what", ["log.info('x' * 100000)", "log.info('said', text='x' * 100000)"])
def test_long_fields_are_cut(what: str):
    [line] = logged(what)
    assert "x" * FIELD_LIMIT in line
    assert "x" * (FIELD_LIMIT + 1) not in line
    assert "(100000 characters)" in line


@pytest.mark.parametrize(
    "value", ["['x' * 100000]", "{'a': 'x' * 100000}", "ValueError('x' * 100000)", "b'x' * 100000"]
)
def test_long_values_of_any_kind_are_cut(value: str):
    [line] = logged(f"log.info('said', value={value})")
    assert len(line) < 2 * FIELD_LIMIT


def test_a_librarys_long_line_is_cut():
    [line] = logged("logging.getLogger('nicegui').error('x' * 100000)")
    assert len(line) < 2 * FIELD_LIMIT


def test_libraries_write_a_bounded_number_of_lines_a_minute():
    lines = logged("for number in range(1000): logging.getLogger('nicegui').error('line %s', number)")
    assert len(lines) <= 2 * LINES_A_MINUTE  # a minute may end meanwhile
    assert "line 0" in lines[0]


def test_our_own_lines_all_pass():
    lines = logged("""
for number in range(100): logging.getLogger('nicegui').error('line')
for number in range(100): logging.getLogger('chat.store').error('ours %s', number)
""")
    assert len([line for line in lines if "ours" in line]) == 100
