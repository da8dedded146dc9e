"""The locks pin every dependency with its hashes, so that pip installs nothing else."""

import re
import tomllib

import pytest

from tests.programs.lock import HEADER, INCLUDE, LOCK, ROOT, TEST_LOCK, entries

DECLARED = tomllib.loads((ROOT / "pyproject.toml").read_text())


def names_in(lock: str) -> set[str]:
    return {entry.partition("==")[0] for entry in entries(lock)}


@pytest.mark.parametrize(("lock", "start"), [(LOCK, HEADER), (TEST_LOCK, HEADER + INCLUDE)], ids=["app", "tests"])
def test_everything_in_a_lock_is_pinned_with_hashes(lock, start: str):
    content = lock.read_text()
    assert content == start + "".join(entries(content))
    assert len(names_in(content)) == len(entries(content)) > 30


def test_declared_dependencies_are_locked():
    app, tests = names_in(LOCK.read_text()), names_in(TEST_LOCK.read_text())
    assert declared(DECLARED["project"]["dependencies"]) <= app
    assert declared(DECLARED["dependency-groups"]["test"]) <= app | tests


def declared(requirements: list[str]) -> set[str]:
    return {re.split(r"[^\w-]", requirement)[0] for requirement in requirements}
