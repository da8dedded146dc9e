"""Starting and stopping the real program."""

import asyncio
import os
import re
import signal
import socket
import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.guest import Guest
from tests.support.raw_page import RawPage
from tests.support.room_nodes import notices
from tests.support.server import ROOT, Server
from tests.support.startup import startup_error


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "many"),
        ("PORT", "70000"),
        ("CHAT_HISTORY_LIMIT", "0"),
        ("CHAT_TITLE", "x" * 61),
        ("CHAT_SECRET", "short"),
        ("CHAT_METRICS_TOKEN", "short"),
        ("CHAT_ADMIN_PASSWORD", "short"),
        ("CHAT_GRACE", "0"),
        ("CHAT_MESSAGE_RATE", "0 per 1 second"),
        ("CHAT_LOG_LEVEL", "loud"),
    ],
)
def test_invalid_setting_is_named_in_one_line(tmp_path: Path, name: str, value: str):
    line = startup_error(tmp_path, **{name: value})
    assert line.startswith(name)
    assert "short" not in line


def test_unusable_data_folder_is_named(tmp_path: Path):
    (tmp_path / "file").touch()
    assert "CHAT_DATA_DIR" in startup_error(tmp_path, CHAT_DATA_DIR=str(tmp_path / "file"))


def test_unwritable_history_file_is_named(tmp_path: Path):
    (tmp_path / "data" / "chat_log.json.tmp").mkdir(parents=True)
    assert "chat_log.json" in startup_error(tmp_path)


def test_taken_port_is_named(tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert port in startup_error(tmp_path, PORT=port)


def test_url_is_printed_on_one_line(server: Server):
    assert server.output == f"TCPChatNet is ready at http://127.0.0.1:{server.port}\n"


def test_admin_password_is_generated_and_printed_once(make_server):
    server = make_server(CHAT_ADMIN_PASSWORD="")
    assert len(re.findall(r"Admin password for this run.*: \S{16}\n", server.output)) == 1


def test_secret_is_generated_once_and_readable_by_its_owner_only(server: Server):
    path = server.data_dir / ".chat_secret"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    secret = path.read_text()
    assert len(secret.strip()) >= 32
    server.stop()
    server.start()
    assert path.read_text() == secret


def test_sigterm_stops_cleanly_within_seconds(server: Server):
    began = time.monotonic()
    assert server.stop(timeout=6) == -signal.SIGTERM  # uvicorn shuts down, then raises the signal again
    assert time.monotonic() - began < 6
    assert "Traceback" not in server.output


async def test_open_page_is_notified_of_the_restart_before_disconnecting(server: Server):
    async with RawPage(server.url, "Ann") as ann:
        await ann.open()
        stopping = asyncio.create_task(asyncio.to_thread(server.stop, 6))
        async with asyncio.timeout(6):
            while ann.elements["lost"]["props"]["class"] != "offline restart":  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        assert await stopping == -signal.SIGTERM
    assert "Traceback" not in server.output


def test_health_check_reports_the_state(server: Server):
    health = server.health()
    assert health["http"] == 200
    assert health["status"] == "ok"
    assert health["people"] == 0
    assert {"version", "uptime", "last_write"} <= set(health)


def test_health_check_fails_while_the_history_is_unwritable(server: Server):
    (server.data_dir / "chat_log.json.tmp").mkdir()
    server.eventually(lambda: server.health()["http"] == 503)
    (server.data_dir / "chat_log.json.tmp").rmdir()
    server.eventually(lambda: server.health()["http"] == 200)


def test_broken_history_is_quarantined_and_reported(server: Server):
    server.stop()
    server.history_file.write_text('{"version": 1, "mess')
    server.start()
    (kept,) = server.data_dir.glob("chat_log.json.corrupt-*")
    assert kept.read_text() == '{"version": 1, "mess'
    assert server.health()["quarantined"] == kept.name
    assert kept.name in server.output


def test_program_starts_from_another_folder(tmp_path: Path):
    server = Server(tmp_path / "data")
    server.command, server.folder = [sys.executable, str(ROOT / "main.py")], tmp_path
    try:
        assert server.start().health()["http"] == 200
    finally:
        server.kill()


def test_ctrl_c_stops_without_a_traceback(server: Server):
    assert server.process
    os.kill(server.process.pid, signal.SIGINT)
    assert server.process.wait(10) == 130
    assert "Traceback" not in server.output


async def test_pages_loaded_anew_after_a_restart_announce_nobody(make_server: Callable[..., Server]):
    server = await asyncio.to_thread(make_server)
    async with Guest(server.url, "Ann") as ann, Guest(server.url, "Bob") as bob, Guest(server.url, "Cid") as cid:
        for person in ann, bob:
            await person.open()
        await asyncio.to_thread(server.kill)
        await asyncio.to_thread(server.start)
        for person in ann, bob, cid:
            await person.open()
        await ann.sees_line("Cid joined")
        assert notices(ann.elements) == ["Cid joined"]
