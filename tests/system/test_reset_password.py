"""`python main.py reset-password NAME`, as an operator runs it."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from chat.config.settings import Settings
from chat.domain.errors import StartupError
from chat.subcommands.reset_password import reset_password
from tests.support.page_program import PASSWORD
from tests.support.prepared import run_main
from tests.support.server import Server

NEW_PASSWORD = "eight tame ducks"


def run(server: Server, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `main.py` with these arguments in the server's environment."""
    return run_main(*arguments, environment={**server.environment, **environment}, log=server.log_path)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


async def test_operator_creates_a_link_while_the_chat_is_stopped(program, server: Server):
    ann = program("Ann")
    await ann.sign_up("Ann")
    assert await ann.say("Hello")
    running = run(server, "reset-password", "Ann")
    assert running.returncode == 2
    assert running.stdout == ""
    assert re.fullmatch(r"The chat in \S+ is running\. Stop it, run this again, and start it; .*\n", running.stderr)

    server.stop()
    history = server.history_file.read_bytes()
    done = run(server, "reset-password", "ann", CHAT_HISTORY_LIMIT="1")
    assert (done.returncode, done.stderr) == (0, "")
    [token] = re.findall(rf"^http://127\.0\.0\.1:{server.port}/reset/(\S+)$", done.stdout, re.M)
    assert server.history_file.read_bytes() == history
    assert token not in (server.data_dir / "accounts.json").read_text()
    entry = json.loads((server.data_dir / "audit.jsonl").read_text().splitlines()[-1])
    assert (entry["kind"], entry["actor"]["name"], entry["target"]["name"]) == ("PasswordResetCreated", "", "Ann")

    server.start()
    home = program("Ann")
    await home.open_reset(token)
    await home.sees("Choose a new password, Ann.")
    await home.fill_in("Ann", NEW_PASSWORD)
    await home.follow_redirect()
    away = program("Ann")
    await away.open_reset(token)
    await away.sees("This link has expired.")
    for password, answer in ((PASSWORD, "Wrong name or password."), (NEW_PASSWORD, "")):
        again = program("Ann")
        await again.open_card("Sign in")
        await again.fill_in("Ann", password)
        await (again.sees(answer) if answer else again.follow_redirect())


@pytest.mark.parametrize(
    ("arguments", "because"),
    [
        (["reset-password", "Nobody"], r"Couldn't find anyone called Nobody\. .*CHAT_DATA_DIR"),
        pytest.param(["reset-password", ""], r"Please enter a name\.", marks=pytest.mark.exhaustive),
        (["reset-password"], r"usage: python main\.py \[reset-password NAME \| "),
        pytest.param(["--help"], r"usage: ", marks=pytest.mark.exhaustive),
        pytest.param(
            ["reset-password", "Ann", "Lee"],
            r"Couldn't find anyone called Ann Lee\.",
            marks=pytest.mark.exhaustive,
        ),
    ],
)
def test_wrong_use_is_explained_in_one_line_and_changes_nothing(server: Server, arguments: list[str], because: str):
    server.stop()
    before = files(server.data_dir)
    result = run(server, *arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert re.match(because, result.stderr)
    assert result.stderr.count("\n") == 1
    assert files(server.data_dir) == before


def test_single_sign_on_has_no_passwords(server: Server):
    server.stop()
    result = run(server, "reset-password", "Ann", CHAT_ACCESS="sso", CHAT_SSO_URL="https://sso.example.org/")
    assert (result.returncode, result.stderr) == (2, "CHAT_ACCESS=sso: people sign in without a password\n")


def test_accounts_of_another_user_are_refused(own_data_dir: Path, monkeypatch: pytest.MonkeyPatch):
    own_data_dir.mkdir()
    path = own_data_dir / "accounts.json"
    path.write_text('{"version": 2, "accounts": []}')
    monkeypatch.setattr(os, "geteuid", lambda: path.stat().st_uid + 1)
    with pytest.raises(StartupError, match="run this as that user"):
        reset_password(Settings.from_environment(), "Ann", "http://test")
    assert path.read_text() == '{"version": 2, "accounts": []}'
