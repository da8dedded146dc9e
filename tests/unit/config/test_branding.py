"""The operator's branding on the page, in link previews and in the manifest."""

import json
import re
import urllib.request
from pathlib import Path

import pytest
from playwright.async_api import expect

from chat.config.branding import Brand, Logo
from chat.domain.errors import StartupError
from tests.support.server import ROOT
from tests.support.startup import startup_error

RED = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><rect width="4" height="4" fill="red"/></svg>'
HOSTILE = '"><script>alert(1)</script>'


def get(url: str, **headers: str) -> tuple[str, dict[str, str]]:
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=5) as response:
        return response.read().decode(), dict(response.headers)


def meta(page: str, name: str) -> list[str]:
    """Return the contents of the meta tags with this name."""
    return re.findall(rf'<meta (?:name|property)="{re.escape(name)}" content="([^"]*)"', page)


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("logo.gif", b"GIF89a", "is none of"),
        ("logo", RED, "is none of"),
        ("logo.png", RED, "is not image/png"),
        ("logo.svg", b"%PDF", "is not image/svg+xml"),
        ("logo.webp", b"RIFF1234WAVE", "is not image/webp"),
        ("logo.jpg", b"", "is not image/jpeg"),
        ("logo.svg", RED + b" " * 600_000, "larger than 512 KB"),
    ],
)
def test_invalid_logo_is_refused(tmp_path: Path, name: str, content: bytes, problem: str):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(StartupError, match=re.escape(problem)):
        Logo.load(tmp_path / name)


def test_each_logo_has_its_own_url(tmp_path: Path):
    (tmp_path / "a.svg").write_bytes(RED)
    (tmp_path / "b.svg").write_bytes(RED.replace(b"red", b"blue"))
    assert Logo.load(tmp_path / "a.svg").url != Logo.load(tmp_path / "b.svg").url


def test_texts_of_the_operator_are_escaped():
    tags = Brand(HOSTILE, welcome=HOSTILE).tags(f"http://{HOSTILE}")
    assert "<script>" not in tags
    assert not re.search(r'=""[^ >]', tags)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CHAT_ACCENT", "red"),
        ("CHAT_ACCENT", "#12345"),
        ("CHAT_ACCENT", "#123456;}"),
        ("CHAT_WELCOME", "x" * 301),
        ("CHAT_LOGO", "/nowhere/logo.svg"),
        ("CHAT_LOGO", "README.md"),
    ],
)
def test_invalid_branding_is_named_in_one_line(tmp_path: Path, name: str, value: str):
    assert startup_error(tmp_path, **{name: value}).startswith(f"{name}: ")


@pytest.mark.own_server
async def test_page_shows_the_branding(enter, make_server, tmp_path):
    (tmp_path / "logo.svg").write_bytes(RED)
    own = {"CHAT_TITLE": "Chess club", "CHAT_WELCOME": "Hello!\n<b>Mondays</b> at 7", "CHAT_ACCENT": "#c2185b"}
    server = make_server(CHAT_LOGO=str(tmp_path / "logo.svg"), **own)
    ann = await enter(url=server.url)
    await expect(ann.page.locator(".own-words")).to_have_text("Hello!\n<b>Mondays</b> at 7")
    await expect(ann.root).to_have_css("--brand", "#c2185b")
    red = "e => e.complete && e.naturalWidth > 0 && e.getAttribute('src').startsWith('logo-')"
    assert await ann.page.locator(".card img").evaluate(red)
    await ann.join("Ann")
    await expect(ann.page.get_by_role("heading", name="Chess club")).to_be_visible()
    assert await ann.page.locator(".bar img").evaluate(red)


def test_logo_cannot_run_scripts(make_server, tmp_path):
    (tmp_path / "logo.svg").write_bytes(RED)
    server = make_server(CHAT_LOGO=str(tmp_path / "logo.svg"))
    _, headers = get(f"{server.url}{Logo.load(tmp_path / 'logo.svg').url}")
    assert headers["content-type"] == "image/svg+xml"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("access", [{}, {"CHAT_ACCESS": "password", "CHAT_ROOM_PASSWORD": "open sesame"}])
def test_link_previews_have_title_description_and_picture(make_server, access):
    server = make_server(CHAT_TITLE="Chess & Go", CHAT_WELCOME="Mondays\nat 7", CHAT_TRUSTED_HOPS="1", **access)
    page, _ = get(server.url, **{"X-Forwarded-Proto": "https", "X-Forwarded-Host": "chess.example.org"})
    assert meta(page, "og:title") == ["Chess &amp; Go"]
    assert meta(page, "og:description") == meta(page, "description") == ["Mondays at 7"]
    assert meta(page, "og:url") == ["https://chess.example.org/"]
    (picture,) = meta(page, "og:image")
    assert picture.startswith("https://chess.example.org/")
    assert (ROOT / picture.removeprefix("https://chess.example.org/")).is_file()
    assert "open sesame" not in page


def test_default_preview_is_only_for_the_default_title(tmp_path: Path):
    (tmp_path / "logo.svg").write_bytes(RED)
    (tmp_path / "logo.png").write_bytes((ROOT / "assets/icons/192.png").read_bytes())
    drawing, photo = Logo.load(tmp_path / "logo.svg"), Logo.load(tmp_path / "logo.png")

    def shown(brand: Brand) -> tuple[list[str], list[str], list[str]]:
        tags = brand.tags("https://chess.example.org")
        touch = re.findall(r'<link rel="apple-touch-icon" href="([^"]*)"', tags)
        return meta(tags, "og:image"), meta(tags, "twitter:card"), touch

    host, ours = "https://chess.example.org", "assets/icons/apple-touch.png"
    assert shown(Brand("TCPChatNet")) == ([f"{host}/assets/icons/share.png"], ["summary_large_image"], [ours])
    assert shown(Brand("Chess")) == ([f"{host}/assets/icons/512.png"], ["summary"], [ours])
    # Neither link previews nor iOS show SVG.
    assert shown(Brand("Chess", logo=drawing)) == ([f"{host}/assets/icons/512.png"], ["summary"], [ours])
    assert shown(Brand("Chess", logo=photo)) == ([f"{host}/{photo.url}"], ["summary"], [photo.url])


@pytest.mark.own_server
async def test_logo_is_a_maskable_icon(enter, make_server, tmp_path):
    (tmp_path / "logo.svg").write_bytes(RED)
    server = make_server(CHAT_LOGO=str(tmp_path / "logo.svg"))
    manifest, _ = get(f"{server.url}manifest.webmanifest")
    shapes = {icon.get("purpose"): icon["src"] for icon in json.loads(manifest)["icons"]}
    assert shapes.keys() == {"any", "maskable"}
    ann = await enter(url=server.url)
    size = """src => new Promise((done, fail) => { const image = Object.assign(new Image(100, 100), {src})
      image.onload = () => { const context = new OffscreenCanvas(100, 100).getContext('2d')
        context.drawImage(image, 0, 0, 100, 100)
        done([[2, 2], [50, 50]].map(at => [...context.getImageData(...at, 1, 1).data.slice(0, 3)])) }
      image.onerror = fail })"""
    assert await ann.page.evaluate(size, shapes["maskable"]) == [[255, 255, 255], [255, 0, 0]]


def test_browser_bar_has_colours_for_light_and_dark(server):
    page, _ = get(server.url)
    assert meta(page, "theme-color") == ["#ffffff", "#171a22"]


async def test_chat_is_installable(enter):
    ann = await enter("Ann")
    devtools = await ann.page.context.new_cdp_session(ann.page)
    found = await devtools.send("Page.getAppManifest")
    assert found["errors"] == []
    manifest = json.loads(found["data"])
    assert (manifest["name"], manifest["display"]) == ("TCPChatNet", "standalone")
    assert {icon.get("purpose") for icon in manifest["icons"]} == {None, "maskable"}
    for icon in manifest["icons"]:
        assert (ROOT / icon["src"].lstrip("/")).is_file()
    problems = (await devtools.send("Page.getInstallabilityErrors"))["installabilityErrors"]
    assert [problem["errorId"] for problem in problems if problem["errorId"] != "in-incognito"] == []
