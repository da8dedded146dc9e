"""The real program and its data folder: two processes at once, and files that are broken or changed."""

import os
from pathlib import Path

import pytest

from tests.support.page_program import Program
from tests.support.prepared import PreparedServer
from tests.support.server import Server
from tests.support.startup import startup_error


def start_both(data_dir: Path) -> tuple[Server, Server]:
    """Start two processes at once; return the one that runs and the one that ended."""
    pair = [PreparedServer(data_dir), PreparedServer(data_dir)]
    for number, server in enumerate(pair):
        server.log_path = data_dir.with_name(f"{data_dir.name}-{number}.log")
        server.log_path.write_text("")
    for server in pair:
        server.process = server._launch()
    pair[0].eventually(lambda: any(server.process and server.process.poll() is not None for server in pair))
    winner, loser = sorted(pair, key=lambda server: bool(server.process and server.process.poll() is not None))
    return winner.wait(), loser


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file() and path.suffix != ".lock"}


@pytest.mark.parametrize("rounds", [1, pytest.param(10, marks=pytest.mark.exhaustive)])
async def test_of_two_starts_at_once_one_runs_and_loses_nothing_to_the_other(tmp_path: Path, rounds: int):
    for number in range(rounds):
        data_dir = tmp_path / f"data-{number}"
        winner, loser = start_both(data_dir)
        async with Program(winner.url, "Olga") as olga:
            for _ in range(2):  # the first start, and another one
                assert loser.process
                assert loser.process.poll() == 2
                [line] = loser.output.splitlines()
                assert "chat_log.json is in use by another process" in line
                if "accounts.json" in files(data_dir):
                    await olga.open()  # the session is signed with the key in the file
                    await olga.sees("Hello")
                else:
                    await olga.sign_up("Olga")
                    assert await olga.say("Hello")
                await olga.close()
                winner.stop()
                winner, loser = start_both(data_dir)
                olga.url = winner.url
            winner.kill()


def test_second_process_reads_and_changes_nothing(server: Server):
    (server.data_dir / "accounts.json").write_text("?")  # which it would complain about
    (server.data_dir / ".chat_secret").write_text("?")
    before = files(server.data_dir)
    second = PreparedServer(server.data_dir)
    second.log_path = server.data_dir.with_name("second.log")
    with pytest.raises(AssertionError, match="the server ended with 2"):
        second.start()
    assert "chat_log.json is in use by another process" in second.output
    assert files(server.data_dir) == before


async def test_stranger_does_not_get_the_name_of_an_owner_whose_file_broke(program, server: Server):
    olga = program("Olga")
    await olga.sign_up("Olga")
    server.stop()
    accounts = server.data_dir / "accounts.json"
    os.truncate(accounts, 0)
    server.start()
    assert server.health()["stores"]["accounts"]["restored_from"] == "accounts.json.backup-1"
    assert "file restored from a backup" in server.output
    stranger = program("Mallory")
    await stranger.fill_in_card("Sign up", "Olga")
    await stranger.sees("or something that looks like it, already exists")
    server.stop()
    for path in server.data_dir.glob("accounts.json*"):
        path.write_text("{")
    before = files(server.data_dir)
    with pytest.raises(AssertionError, match="the server ended with 2"):
        server.start()
    assert server.output.splitlines()[-1].startswith(f"{accounts} is broken: ")
    assert files(server.data_dir) == before


@pytest.mark.parametrize("name", ["accounts", "moderation", "invitations"])
def test_broken_file_is_named_in_one_line_before_anything_is_created(tmp_path: Path, name: str):
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / f"{name}.json").write_text('{"version": 1')
    line = startup_error(tmp_path)
    assert line.startswith(f"{folder / name}.json is broken: ")
    assert files(folder) == {f"{name}.json": b'{"version": 1'}


def test_file_in_place_of_the_sessions_is_named(tmp_path: Path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / ".nicegui").touch()
    assert ".nicegui can't be used: File exists" in startup_error(tmp_path)


def test_guessable_secret_is_named_in_one_line(tmp_path: Path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / ".chat_secret").write_text("x")
    (tmp_path / "data" / ".chat_secret").chmod(0o600)
    assert ".chat_secret can't be used: it needs at least 16 characters" in startup_error(tmp_path)


def test_health_check_tells_about_files_that_changed_or_cannot_be_written(server: Server):
    accounts = server.data_dir / "accounts.json"
    accounts.write_text('{"version": 2, "accounts": []}')
    server.eventually(lambda: "changed" in server.health()["stores"]["accounts"])
    [kept] = server.data_dir.glob("accounts.json.changed-*")
    assert server.health()["stores"]["accounts"]["changed"] == kept.name
    blockers = [server.data_dir / f"{name}.tmp" for name in ("moderation.json", "accounts.json", "audit.jsonl")]
    for blocker in blockers:
        blocker.mkdir()
    server.eventually(lambda: server.health()["http"] == 503)
    server.eventually(lambda: server.health()["status"] == "moderation, accounts, audit log can't be written")
    for blocker in blockers:
        blocker.rmdir()
    server.eventually(lambda: server.health()["http"] == 200)
