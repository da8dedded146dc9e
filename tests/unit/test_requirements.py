"""Every imported package is declared, and the locks pin all of them with hashes, so that pip installs nothing else."""

import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

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


def test_imported_packages_are_declared():
    app, tests = declared(DECLARED["project"]["dependencies"]), declared(DECLARED["dependency-groups"]["test"])
    assert not undeclared([ROOT / "main.py", *(ROOT / "chat").rglob("*.py")], app)
    assert not undeclared([*(ROOT / "tests").rglob("*.py")], app | tests)


def undeclared(files: list[Path], declared: set[str]) -> set[str]:
    """Return the packages imported by the files that none of the declared distributions provides."""
    provided_by = packages_distributions()
    packages = set().union(*map(imported_packages, files)) - {"chat", "tests", "main", *sys.stdlib_module_names}
    return {name for name in packages if declared.isdisjoint(map(normalized, provided_by[name]))}


def imported_packages(file: Path) -> set[str]:
    return set(re.findall(r"^ *(?:import|from(?= [\w.]+ import)) (\w+)", file.read_text(), re.MULTILINE))


def normalized(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()


def declared(requirements: list[str]) -> set[str]:
    return {re.split(r"[^\w-]", requirement)[0] for requirement in requirements}
