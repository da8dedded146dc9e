"""Settings as platforms and people write them."""

import re
from pathlib import Path

import pytest

from chat.config.settings import Settings
from chat.domain.errors import StartupError
from chat.storage.bucket.url import BucketUrl, parse_bucket_url

SERVICE_LINKS = {  # what Kubernetes sets beside a service called "chat", and Docker beside a linked container
    "CHAT_PORT": "tcp://10.0.0.7:3000",
    "CHAT_SERVICE_HOST": "10.0.0.7",
    "CHAT_SERVICE_PORT": "3000",
    "CHAT_SERVICE_PORT_HTTP": "3000",
    "CHAT_PORT_3000_TCP": "tcp://10.0.0.7:3000",
    "CHAT_PORT_3000_TCP_PROTO": "tcp",
    "CHAT_PORT_3000_TCP_PORT": "3000",
    "CHAT_PORT_3000_TCP_ADDR": "10.0.0.7",
    "CHAT_NAME": "/web/chat",
    "CHAT_ENV_PATH": "/usr/bin",
}


def read(monkeypatch: pytest.MonkeyPatch, **environment: str) -> Settings:
    for name in "PORT", "HOST":
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return Settings.from_environment()


@pytest.mark.parametrize("link", ["tcp://10.0.0.7:3000", "udp://10.0.0.7:3000", "tcp://[fd00::7]:3000"])
def test_service_links_are_no_settings(monkeypatch: pytest.MonkeyPatch, link: str):
    settings = read(monkeypatch, **{**SERVICE_LINKS, "CHAT_PORT": link})
    assert (settings.port, settings.host) == (3000, "0.0.0.0")


def test_port_beats_a_service_link(monkeypatch: pytest.MonkeyPatch):
    assert read(monkeypatch, **SERVICE_LINKS, PORT="8080").port == 8080


def test_port_may_have_the_prefix(monkeypatch: pytest.MonkeyPatch):
    assert read(monkeypatch, CHAT_PORT="8080").port == 8080


@pytest.mark.parametrize(
    ("written", "meant"), [("~", "/home/ann"), ("~/chat", "/home/ann/chat"), ("/var/~", "/var/~"), ("chat~", "chat~")]
)
def test_home_is_expanded_in_paths(monkeypatch: pytest.MonkeyPatch, written: str, meant: str):
    settings = read(monkeypatch, HOME="/home/ann", CHAT_DATA_DIR=written, CHAT_LOGO=written)
    assert settings.data_dir == settings.logo == Path(meant)


@pytest.mark.parametrize("name", ["CHAT_DATA_DIR", "CHAT_LOGO"])
def test_unknown_home_is_refused(monkeypatch: pytest.MonkeyPatch, name: str):
    with pytest.raises(StartupError, match=f"^{name}: .*no such home directory"):
        read(monkeypatch, **{name: "~nobody-of-this-name/chat"})


@pytest.mark.parametrize(
    ("written", "host"), [("::", "::"), ("[::]", "::"), ("[::1]", "::1"), ("127.0.0.1", "127.0.0.1"), ("", "0.0.0.0")]
)
def test_host_may_be_in_brackets(monkeypatch: pytest.MonkeyPatch, written: str, host: str):
    assert read(monkeypatch, HOST=written).host == host


@pytest.mark.parametrize(
    ("url", "root_path", "resolved"),
    [
        ("https://chat.example.org/", "", ("https://chat.example.org", "")),
        ("https://chat.example.org/talk/", "", ("https://chat.example.org/talk", "/talk")),
        ("https://chat.example.org/talk", "talk/", ("https://chat.example.org/talk", "/talk")),
        ("http://münchen-chat.de:3000", "", ("http://xn--mnchen-chat-thb.de:3000", "")),
        ("", "/talk/", ("", "/talk")),
        ("", "/", ("", "")),
    ],
)
def test_public_url_has_the_root_path(monkeypatch: pytest.MonkeyPatch, url: str, root_path: str, resolved):
    settings = read(monkeypatch, CHAT_PUBLIC_URL=url, CHAT_ROOT_PATH=root_path)
    assert (settings.public_url, settings.root_path) == resolved


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CHAT_PUBLIC_URL", "chat.example.org"),
        ("CHAT_PUBLIC_URL", "https://"),
        ("CHAT_PUBLIC_URL", "https://chat.example.org/?a=b"),
        ("CHAT_ROOT_PATH", "https://chat.example.org/talk"),
        ("CHAT_ROOT_PATH", "/a b"),
        ("CHAT_ROOT_PATH", "/../etc"),
    ],
)
def test_invalid_address_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str):
    with pytest.raises(StartupError, match=f"^{name}: .*should be like"):
        read(monkeypatch, **{name: value})


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("CHAT_ROOM_PASSWORD", "short", "it needs at least 8 characters"),
        ("CHAT_ADMIN_PASSWORD", "short", "it needs at least 8 characters"),
        ("CHAT_ACCENT", "blue", "it should be like #4f46e5"),
        ("CHAT_REDIS_PREFIX", "a chat", "it should be like chat or chat-2"),
        ("CHAT_SSO_URL", "login.example.org", "it should be like https://login.example.org/.well-known"),
        ("CHAT_MESSAGE_RATE", "20", "it should be like 20 per 10 seconds"),
        ("CHAT_MESSAGE_RATE", f"{'9' * 5000} per second", "it should be like 20 per 10 seconds"),
        ("CHAT_REQUEST_RATE", "many", "it should be like 1200 per minute"),
    ],
)
def test_refusal_needs_no_knowledge_of_python(monkeypatch: pytest.MonkeyPatch, name: str, value: str, problem: str):
    with pytest.raises(StartupError, match=f"^{name}: {re.escape(problem)}"):
        read(monkeypatch, **{name: value})


def test_root_path_that_is_not_that_of_the_public_url_is_refused(monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(StartupError, match=r"^CHAT_ROOT_PATH: "):
        read(monkeypatch, CHAT_PUBLIC_URL="https://chat.example.org/talk", CHAT_ROOT_PATH="/chat")


@pytest.mark.parametrize(
    "url",
    [
        "redis://localhost",
        "redis://:hush@10.0.0.7:6380/2",
        "rediss://ann:hush@[fd00::7]:6379",
        "redis://red-abc123:6379",
        "unix:///run/valkey.sock",
        "unix:///run/redis.sock?db=2",
    ],
)
def test_url_of_an_engine_is_a_secret(monkeypatch: pytest.MonkeyPatch, url: str):
    settings = read(monkeypatch, CHAT_REDIS_URL=url)
    assert settings.redis_url
    assert settings.redis_url.get_secret_value() == url
    assert url not in repr(settings)


@pytest.mark.parametrize(
    "url",
    [
        "http://ann:hush@example.org",
        "ann:hush@example.org",
        "redis://",
        "redis://ann:hush@host:port",
        "redis://ann:hush@host:99999",
        "redis://ann:hush@host/x",
        "redis://ann:hush@[fd00::7",
        "unix://",
        "unix://hush",
    ],
)
def test_wrong_url_of_an_engine_is_refused_without_telling_it(monkeypatch: pytest.MonkeyPatch, url: str):
    with pytest.raises(StartupError, match=r"^CHAT_REDIS_URL: this is no URL of a Redis or Valkey server") as error:
        read(monkeypatch, CHAT_REDIS_URL=url)
    assert "hush" not in str(error.value)


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("s3://chat-files", BucketUrl("chat-files")),
        ("s3://chat.files/a/b_c/", BucketUrl("chat.files", "a/b_c")),
        ("s3://files?region=eu-central-1", BucketUrl("files", region="eu-central-1")),
        (
            "s3://AK%2FIA:hush%2Fhush%2B@files/chat?endpoint=https://s3.example.org:9000&region=auto",
            BucketUrl("files", "chat", "https://s3.example.org:9000", "auto", "AK/IA", "hush/hush+"),
        ),
        (
            "s3://k:hush@files?endpoint=http%3A%2F%2F[fd00::7]:9000",
            BucketUrl("files", "", "http://[fd00::7]:9000", "", "k", "hush"),
        ),
    ],
)
def test_url_of_a_bucket_is_a_secret(monkeypatch: pytest.MonkeyPatch, url: str, parts: BucketUrl):
    settings = read(monkeypatch, CHAT_FILES_URL=url)
    assert settings.files_url
    assert parse_bucket_url(settings.files_url.get_secret_value()) == parts
    assert "hush" not in repr((settings, parts))


@pytest.mark.parametrize(
    "url",
    [
        "https://k:hush@bucket.s3.amazonaws.com",
        "k:hush@bucket",
        "s3://",
        "s3://k:hush@",
        "s3://hush@bucket",
        "s3://:hush@bucket",
        "s3://k:@hush",
        "s3://k:hu/sh@bucket",
        "s3://k:hush@bucket:9000",
        "s3://k:hush@bucket/../x",
        "s3://k:hush@bucket/a//b",
        "s3://k:hush@bucket#x",
        "s3://k:hush@bucket?hush",
        "s3://k:hush@bucket?regoin=x",
        "s3://k:hush@bucket?endpoint=example.org",
        "s3://k:hush@bucket?endpoint=ftp://example.org",
        "s3://k:hush@bucket?endpoint=https://host:99999",
        "s3://k:hush@bucket?endpoint=https://a:hush@host",
    ],
)
def test_wrong_url_of_a_bucket_is_refused_without_telling_it(monkeypatch: pytest.MonkeyPatch, url: str):
    with pytest.raises(StartupError, match=r"^CHAT_FILES_URL: .*no URL of an S3 bucket") as error:
        read(monkeypatch, CHAT_FILES_URL=url)
    assert "hush" not in str(error.value)


@pytest.mark.parametrize("prefix", ["a b", "{chat}", "*", "x" * 41])
def test_prefix_is_a_plain_word(monkeypatch: pytest.MonkeyPatch, prefix: str):
    with pytest.raises(StartupError, match=r"^CHAT_REDIS_PREFIX"):
        read(monkeypatch, CHAT_REDIS_PREFIX=prefix)


SIZES = {"10 MB": 10_000_000, "10mb": 10_000_000, "1 GiB": 2**30, "5000": 5000}


@pytest.mark.parametrize(("written", "size"), SIZES.items())
def test_sizes_have_units(monkeypatch: pytest.MonkeyPatch, written: str, size: int):
    assert read(monkeypatch, CHAT_UPLOAD_LIMIT=written, CHAT_FILES_KEEP=written).upload_limit == size


@pytest.mark.parametrize("written", ["10", "ten", "-5 MB", "3 GB"])
def test_impossible_size_is_refused(monkeypatch: pytest.MonkeyPatch, written: str):
    with pytest.raises(StartupError, match=r"^CHAT_UPLOAD_LIMIT: "):
        read(monkeypatch, CHAT_UPLOAD_LIMIT=written)
