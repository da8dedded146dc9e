"""Ways to an engine: by a socket, TCP or TLS, and as a user who may do no more than the README says."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import redis
import trustme

from chat.domain.errors import StartupError
from chat.storage.redis.stores import Backend
from tests.storage.samples import CLEARED, deleted, posted, texts
from tests.support.engine import HAS_ENGINE, KINDS, EngineProcess, shared_engine
from tests.support.server import ROOT, free_port
from tests.support.tls_relay import tls_relay

pytestmark = pytest.mark.skipif(not HAS_ENGINE, reason="there is no engine for this system")

PASSWORD = "öpen/sesame@7%"


@pytest.fixture
def open_chat(tmp_path: Path) -> Callable[[str], Backend]:
    """Open the chat of this test by a URL, as another host would."""

    def open_it(url: str) -> Backend:
        folder = tmp_path / f"host {len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        backend = Backend(url, tmp_path.name, folder, folder, 100)
        for store in backend.stores.by_name.values():
            store.load()
        return backend

    return open_it


@pytest.fixture(params=["socket", "socket and database", "TCP", "TLS", "TLS and password"])
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    kind, port = request.param, free_port()
    engine = EngineProcess(port=port if kind == "TCP" else 0)
    authority, trusted = trustme.CA(), tmp_path_factory.mktemp("own") / "authority.pem"
    authority.cert_pem.write_to_path(str(trusted))
    if "password" in kind:
        engine.client.acl_setuser(
            "ann", enabled=True, passwords=f"+{PASSWORD}", keys="*", channels="*", categories=["+@all"]
        )
    with tls_relay(engine.socket, authority) as tls_port:
        yield {
            "socket": engine.url,
            "socket and database": f"{engine.url}?db=3",
            "TCP": f"redis://127.0.0.1:{port}",
            "TLS": f"rediss://localhost:{tls_port}?ssl_ca_certs={trusted}",
            "TLS and password": f"rediss://ann:{quote(PASSWORD, '')}@localhost:{tls_port}?ssl_ca_certs={trusted}",
        }[kind]
    engine.remove()


async def test_history_is_kept_behind_every_kind_of_url(url: str, open_chat: Callable[[str], Backend]):
    first = open_chat(url)
    await first.stores.messages.append([posted(1), posted(2)])
    await first.stores.messages.append([deleted(1)])
    second = open_chat(url)
    assert texts(second.stores.messages.load()) == ["Message 2"]
    for backend in first, second:
        await backend.close()


@pytest.mark.parametrize("verified", ["unknown authority", "another name"])
def test_engine_with_a_certificate_of_somebody_else_stops_the_start_at_once(verified: str, tmp_path: Path):
    authority, trusted = trustme.CA(), tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(trusted))
    with tls_relay(shared_engine().socket, authority) as port:
        url = {
            "unknown authority": f"rediss://ann:hush@localhost:{port}",
            "another name": f"rediss://ann:hush@127.0.0.1:{port}?ssl_ca_certs={trusted}",
        }[verified]
        with pytest.raises(StartupError) as error:
            Backend(url, "chat", tmp_path, tmp_path, 100)
    assert "its certificate isn't trusted (" in str(error.value)
    assert not {"hush", "localhost", "127.0.0.1", str(port)} & set(re.split(r"[ :@/()]", str(error.value)))


@pytest.mark.parametrize("kind", KINDS)
async def test_user_of_the_readme_may_do_all_that_a_chat_needs_and_no_more(
    kind: str, tmp_path: Path, open_chat: Callable[[str], Backend]
):
    engine, name = shared_engine(kind), tmp_path.name
    [command] = re.findall(r"`(ACL SETUSER chat .*?)`", (ROOT / "README.md").read_text())
    engine.client.execute_command(*command.replace("{chat}", f"{{{name}}}").replace("PASSWORD", "hush").split())
    url = engine.url.replace("unix://", "unix://chat:hush@")
    chat = open_chat(url)
    chat.share_secret("a secret of this chat")
    await chat.start()
    await chat.stores.messages.append([posted(1)])
    await chat.stores.messages.append([CLEARED])
    tea = chat.stores.histories.open("tea")
    tea.load()
    await tea.append([posted(7)])
    chat.sessions.save("storage-user-1", {"member": {"id": "ann"}})
    assert all(status.writable for status in (await chat.stores.check()).values())
    await chat.close()
    again = open_chat(url)
    assert texts(again.stores.histories.read("tea")) == ["Message 7"]
    again.stores.histories.delete(["tea"])
    await again.close()
    client = redis.Redis.from_url(url)
    for forbidden in ("SET other 1", "GET other", "FLUSHALL", "KEYS *", "CONFIG GET *", "ACL LIST", "SHUTDOWN"):
        with pytest.raises(redis.exceptions.NoPermissionError):
            client.execute_command(*forbidden.split())
    client.close()
