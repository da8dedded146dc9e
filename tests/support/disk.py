"""A disk that is really full."""

import resource
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path


class Disk:
    """A disk with little room: a real one of 64 KB, or where nothing can be mounted, files of no more than 2 KB."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._big = folder / "something big"
        mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "chat-test", folder]
        tried = shutil.which("mount") and subprocess.run(mount, capture_output=True, check=False)
        self._is_mounted = bool(tried) and tried.returncode == 0

    def fill(self) -> None:
        if not self._is_mounted:
            _limit_files(2_000)
            return
        with suppress(OSError), self._big.open("wb", buffering=0) as file:
            while file.write(bytes(1024)):
                pass

    def free(self) -> None:
        if not self._is_mounted:
            _limit_files(None)
        self._big.unlink(missing_ok=True)

    def files(self) -> list[Path]:
        return [file for file in self._folder.iterdir() if file != self._big]

    def close(self) -> None:
        self.free()
        if self._is_mounted:
            subprocess.run(["umount", "--lazy", self._folder], check=True)


def _limit_files(size: int | None) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard if size is None else size, hard))
