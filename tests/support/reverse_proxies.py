"""nginx, Caddy and HAProxy in front of a server, with the configuration that the README shows."""

import re
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.install import install_from_debian
from tests.support.server import ROOT, free_port

PACKAGES = {"nginx": "nginx-light", "caddy": "caddy", "haproxy": "haproxy"}
LANGUAGES = {"nginx": "nginx", "caddy": "caddyfile", "haproxy": "haproxy"}
COMMANDS = {
    "nginx": ["nginx", "-p", ".", "-c", "proxy.conf", "-e", "stderr"],
    "caddy": ["caddy", "run", "--config", "proxy.conf", "--adapter", "caddyfile"],
    "haproxy": ["haproxy", "-f", "proxy.conf"],
}
NGINX = """
daemon off; pid nginx.pid; error_log stderr;
events {{}}
http {{
  access_log off; client_body_temp_path a; proxy_temp_path b; fastcgi_temp_path c; uwsgi_temp_path d; scgi_temp_path e;
  {server}
}}
"""


def sample(proxy: str, count: int) -> str:
    """Return the README's configuration of a proxy in front of so many processes."""
    found = re.findall(rf"```{LANGUAGES[proxy]}\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    [sample] = [text for text in found if text.count("127.0.0.1:") == count]
    return sample


def adapted(proxy: str, port: int, targets: tuple[int, ...], changes: dict[str, str]) -> str:
    """Return the README's configuration, with other ports and without TLS."""
    text = sample(proxy, len(targets))
    if proxy == "nginx" and len(targets) > 1:
        text += sample(proxy, 1).replace("proxy_pass http://127.0.0.1:3000", "proxy_pass http://chat")
    ports = {f"127.0.0.1:{3000 + number}": f"127.0.0.1:{target}" for number, target in enumerate(targets)}
    for old, new in {**ports, **changes}.items():
        assert old in text
        text = text.replace(old, new)
    match proxy:
        case "nginx":
            text = re.sub(r"\n *ssl_.*", "", text).replace("listen 443 ssl", f"listen 127.0.0.1:{port}")
            return NGINX.format(server=text.replace("server_name chat.example.org", "server_name _"))
        case "caddy":
            return f"{{\nadmin off\n}}\n{text.replace('chat.example.org', f'http://:{port}')}"
    text = re.sub(r"bind :443 ssl crt \S+", f"bind 127.0.0.1:{port}", text)
    return text.replace("X-Forwarded-Proto https", "X-Forwarded-Proto http")


@contextmanager
def reverse_proxy(
    proxy: str, targets: int | tuple[int, ...], folder: Path, changes: dict[str, str] | None = None
) -> Iterator[str]:
    """Run a proxy in front of the servers at the ports `targets`; yield its URL.

    `changes` are made to the README's text. Fails the test if the proxy can't be installed.
    """
    if not shutil.which(proxy) and not install_from_debian(PACKAGES[proxy]):
        pytest.fail(f"This test needs {proxy}. Install it (apt-get install {PACKAGES[proxy]}) and run the test again.")
    port = free_port()
    targets = (targets,) if isinstance(targets, int) else targets
    (folder / "proxy.conf").write_text(adapted(proxy, port, targets, changes or {}))
    environment = {"HOME": str(folder), "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
    with (folder / "proxy.log").open("wb") as log:
        process = subprocess.Popen(COMMANDS[proxy], cwd=folder, env=environment, stdout=log, stderr=log)
    try:
        _wait(f"http://127.0.0.1:{port}/healthz", folder / "proxy.log", process)
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait(10)


def _wait(url: str, log: Path, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except urllib.error.HTTPError:  # the path is not the proxy's
            return
        except OSError:
            assert process.poll() is None and time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
