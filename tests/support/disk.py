"""A disk that really fills up, for tests of failing writes."""

import resource
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path


class Disk:
    """A 128 KB tmpfs or, if mounting is not permitted, a limit of 2 KB per file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ballast = folder / "ballast"
        mount = ["mount", "-t", "tmpfs", "-o", "size=128k", "chat-test", folder]
        result = shutil.which("mount") and subprocess.run(mount, capture_output=True, check=False)
        self._is_mounted = bool(result) and result.returncode == 0

    def fill(self) -> None:
        if not self._is_mounted:
            _limit_files(2_000)
            return
        with suppress(OSError), self._ballast.open("wb", buffering=0) as file:
            while file.write(bytes(1024)):
                pass

    def free(self) -> None:
        if not self._is_mounted:
            _limit_files(None)
        self._ballast.unlink(missing_ok=True)

    def files(self) -> list[Path]:
        return [file for file in self._folder.iterdir() if file != self._ballast]

    def close(self) -> None:
        self.free()
        if self._is_mounted:
            subprocess.run(["umount", "--lazy", self._folder], check=True)


def _limit_files(size: int | None) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard if size is None else size, hard))
