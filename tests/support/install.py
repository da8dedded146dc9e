"""Install browsers for the tests."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from filelock import FileLock

LOCK = Path(tempfile.gettempdir()) / "tcpchatnet-install.lock"


def install_from_debian(*packages: str) -> bool:
    """Install packages with apt; return whether that worked. Several workers may ask at once: they take turns."""
    if not shutil.which("apt-get"):
        return False
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    with FileLock(LOCK):
        run([*sudo, "apt-get", "update", "-qq"], timeout=180)
        return run([*sudo, "apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages], timeout=400)


def run(command: list[str], timeout: int) -> bool:
    """Run a command, with its output on the standard error; return whether it succeeded in time."""
    print("+", *command, file=sys.stderr)
    try:
        return subprocess.run(command, timeout=timeout, check=False, stdout=sys.stderr).returncode == 0
    except (OSError, subprocess.TimeoutExpired) as error:
        print(error, file=sys.stderr)
        return False
