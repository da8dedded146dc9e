"""A server like S3, which keeps buckets in memory: moto's, as a process."""

import atexit
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import AbstractContextManager
from functools import cache
from uuid import uuid4

from tests.support.server import free_port
from tests.support.suspended import suspended

KEY, SECRET = "AKIAEXAMPLE", "hush/hush+hush"


@cache
def shared_bucket_server() -> "BucketServer":
    """Return a server for tests that do it no harm; each has a bucket of its own."""
    server = BucketServer()
    atexit.register(server.kill)
    return server


class BucketServer:
    """A server that can be hung, killed, and started again without its buckets."""

    def __init__(self) -> None:
        self.port = free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 60  # busy machines
        while not self._answers():
            assert self.process.poll() is None, "moto's server ended"
            assert time.monotonic() < deadline, "moto's server doesn't start"
            time.sleep(0.05)

    def url(self, bucket: str = "", prefix: str = "/files") -> str:
        """Return what `CHAT_FILES_URL` is for a bucket, which is new without a name."""
        name = bucket or f"chat-{uuid4().hex}"
        self.create(name)
        secret = SECRET.replace("/", "%2F").replace("+", "%2B")
        return f"s3://{KEY}:{secret}@{name}{prefix}?endpoint={self.endpoint}&region=us-east-1"

    def create(self, bucket: str) -> None:
        request = urllib.request.Request(f"{self.endpoint}/{bucket}", method="PUT")
        urllib.request.urlopen(request, timeout=10).close()

    def hung(self) -> AbstractContextManager[None]:
        return suspended(self.process)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(f"{self.endpoint}/moto-api/", timeout=5).close()
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True
