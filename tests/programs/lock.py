"""Pin the dependencies in `pyproject.toml`, with hashes, for all platforms: `python -m tests.programs.lock`.

Needs `uv` (https://docs.astral.sh/uv) on the path. Keeps the versions that are pinned already; the names of packages
to upgrade may follow, or `--all`.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "requirements.txt"
TEST_LOCK = ROOT / "tests" / "requirements.txt"
HEADER = "# Made from pyproject.toml by `python -m tests.programs.lock`.\n"
INCLUDE = "-r ../requirements.txt\n"

COMMAND = ("uv", "pip", "compile", "--universal", "--generate-hashes", "--no-annotate", "--no-header", "--quiet")


def main(names: list[str]) -> None:
    former = LOCK.read_text(), TEST_LOCK.read_text().replace(INCLUDE, "")
    app = compiled(former[0], upgrades(names))
    everything = compiled(app + former[1], upgrades(names), "--group", "pyproject.toml:test")
    known = set(entries(app))
    LOCK.write_text(HEADER + app)
    TEST_LOCK.write_text(HEADER + INCLUDE + "".join(entry for entry in entries(everything) if entry not in known))


def upgrades(names: list[str]) -> list[str]:
    return ["--upgrade"] if names == ["--all"] else [f"--upgrade-package={name}" for name in names]


def compiled(pins: str, *options: str | list[str]) -> str:
    """Return the lock of the project; `pins` are the versions to keep."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "requirements.txt"
        output.write_text(pins)
        flat = [item for option in options for item in ([option] if isinstance(option, str) else option)]
        subprocess.run([*COMMAND, *flat, "pyproject.toml", "--output-file", str(output)], cwd=ROOT, check=True)
        return output.read_text()


def entries(lock: str) -> list[str]:
    """Return the packages of a lock, each with its hashes."""
    return re.findall(r"^\S+==.*\n(?:    --hash=.*\n)+", lock, re.MULTILINE)


if __name__ == "__main__":
    main(sys.argv[1:])
