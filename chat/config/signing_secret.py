"""The key that signs the session cookies."""

import secrets
from pathlib import Path

from chat.domain.errors import StartupError
from chat.storage.json_files.disk.disk import PRIVATE, read_file, sync_folder, unusable, write_new_file

SECRET_FILE = ".chat_secret"
TEMPORARY_FILE = f"{SECRET_FILE}.tmp"
MIN_LENGTH, MIN_VARIETY = 16, 6  # characters, and different ones
OPEN_TO_OTHERS = 0o006  # not to the group: clusters change that


def check_strength(secret: str) -> str:
    """Return the secret; raises `ValueError` if it can be guessed, which is enough to sign in as anyone."""
    if len(secret) < MIN_LENGTH:
        raise ValueError(f"it needs at least {MIN_LENGTH} characters")
    if len(set(secret)) < MIN_VARIETY:
        raise ValueError(f"it needs at least {MIN_VARIETY} different characters")
    return secret


def load_secret(folder: Path) -> str:
    """Return the secret in this folder, which only its owner can read; generate it at the first start.

    Lock the folder first: of two processes, one would sign with a key that is not in the file. Raises `StartupError`.
    """
    path = folder / SECRET_FILE
    try:
        return _read(path) or _generate(path)
    except OSError as problem:
        raise unusable(path, problem) from None
    except ValueError as problem:
        raise StartupError(
            f"{path} can't be used: {problem}. Delete it to get a new one; everyone then has to sign in again."
        ) from None


def _read(path: Path) -> str:
    """Return the secret, empty if there is none."""
    try:
        secret = read_file(path).decode("utf-8-sig").strip()
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8 text") from None
    if _is_open(path) and _has_modes(path.parent):
        raise ValueError("other users of this machine have access to it")
    path.chmod(PRIVATE)
    return secret and check_strength(secret)


def _is_open(path: Path) -> bool:
    return bool(path.stat().st_mode & OPEN_TO_OTHERS)


def _has_modes(folder: Path) -> bool:
    """Tell whether files can be private here: on Windows, and in its folders mounted elsewhere, all seem open."""
    temporary = folder / TEMPORARY_FILE
    write_new_file(temporary, [])
    try:
        return not _is_open(temporary)
    finally:
        temporary.unlink()


def _generate(path: Path) -> str:
    secret = secrets.token_urlsafe(32)
    temporary = path.with_name(TEMPORARY_FILE)
    write_new_file(temporary, [f"{secret}\n".encode()])
    temporary.replace(path)
    sync_folder(path.parent)
    return secret
