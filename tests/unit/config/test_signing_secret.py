"""The key that signs the session cookies can't be guessed or read by others."""

import os
import stat
from pathlib import Path

import pytest

from chat.config.settings import Settings
from chat.config.signing_secret import load_secret
from chat.domain.errors import StartupError

GOOD = "secret of sixteen"
WEAK = {
    "one letter": "x",
    "fifteen characters": "secret of fifte",
    "the same letter": "x" * 64,
    "two letters": "ab" * 32,
    "a word again and again": "banana banana banana",
    "zeros": "\0" * 43,
    "spaces around little": f"x{' ' * 40}x",
}


def test_secret_is_generated_once_and_only_its_owner_can_read_it(tmp_path: Path):
    secret = load_secret(tmp_path)
    assert len(secret) >= 32
    assert load_secret(tmp_path) == secret
    assert [(file.name, stat.S_IMODE(file.stat().st_mode)) for file in tmp_path.iterdir()] == [(".chat_secret", 0o600)]


def write(folder: Path, content: bytes | str, mode: int = 0o600) -> Path:
    path = folder / ".chat_secret"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    path.chmod(mode)
    return path


@pytest.mark.parametrize("content", [GOOD, f"\ufeff{GOOD}\r\n"], ids=("plain", "saved by an editor"))
def test_secret_of_the_operator_is_used(tmp_path: Path, content: str):
    write(tmp_path, content)
    assert load_secret(tmp_path) == GOOD


def test_empty_file_of_an_interrupted_start_gets_a_secret(tmp_path: Path):
    path = write(tmp_path, "\n")
    assert load_secret(tmp_path) == path.read_text().strip() != ""


@pytest.mark.parametrize("secret", WEAK.values(), ids=WEAK)
def test_weak_secret_is_refused_in_one_line_that_does_not_tell_it(tmp_path: Path, secret: str):
    path = write(tmp_path, secret)
    with pytest.raises(StartupError, match=r"\.chat_secret can't be used: .+ Delete it to get a new one") as refused:
        load_secret(tmp_path)
    assert secret not in str(refused.value) or secret == "x"
    assert len(str(refused.value).splitlines()) == 1
    assert path.read_text() == secret


@pytest.mark.parametrize("secret", [secret for secret in WEAK.values() if "\0" not in secret])
def test_weak_setting_is_refused_by_the_same_rule(monkeypatch: pytest.MonkeyPatch, secret: str):
    monkeypatch.setenv("CHAT_SECRET", secret)
    with pytest.raises(StartupError, match=r"^CHAT_SECRET: .*it needs at least (16|6 different) characters"):
        Settings.from_environment()
    monkeypatch.setenv("CHAT_SECRET", GOOD)
    assert Settings.from_environment().secret


@pytest.mark.parametrize("mode", [0o644, 0o604, 0o602, 0o666], ids=oct)
def test_secret_that_others_can_read_or_replace_is_refused(tmp_path: Path, mode: int):
    path = write(tmp_path, GOOD, mode)
    with pytest.raises(StartupError, match="other users of this machine have access to it"):
        load_secret(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == mode


def test_folder_where_all_files_seem_open_keeps_its_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Windows, and folders of it that a container or WSL mounts, know no modes."""
    stat_of = Path.stat

    def without_modes(path: Path, **options: bool) -> os.stat_result:
        found = stat_of(path, **options)
        return os.stat_result((found.st_mode | 0o666, *tuple(found)[1:]))

    monkeypatch.setattr(Path, "stat", without_modes)
    secret = load_secret(tmp_path)
    assert load_secret(tmp_path) == secret
    assert [file.name for file in tmp_path.iterdir()] == [".chat_secret"]


def test_mode_that_a_cluster_gave_the_group_is_taken_back(tmp_path: Path):
    path = write(tmp_path, GOOD, 0o660)
    assert load_secret(tmp_path) == GOOD
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_secret_in_another_encoding_is_refused(tmp_path: Path):
    write(tmp_path, GOOD.encode("utf-16"))
    with pytest.raises(StartupError, match=r"\.chat_secret can't be used: it is not UTF-8 text"):
        load_secret(tmp_path)


def test_folder_in_place_of_the_secret_is_refused(tmp_path: Path):
    (tmp_path / ".chat_secret").mkdir()
    with pytest.raises(StartupError, match="it is not a file"):
        load_secret(tmp_path)
