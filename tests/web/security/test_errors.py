"""Responses to missing pages and failures reveal nothing."""

import aiohttp
import httpx
import pytest
from fastapi import FastAPI
from nicegui import core
from nicegui.testing import User
from structlog.testing import capture_logs

from chat.ui.pages import welcome
from chat.web.security.error_handlers import register_error_handlers
from tests.support.server import Server
from tests.web.security.secured import secured


async def test_missing_page_is_one_line(server: Server, http: aiohttp.ClientSession):
    async with http.get(f"{server.url}nowhere?<script>") as response:
        assert response.status == 404
        assert "script" not in await response.text()
    assert server.output.count("\n") == 1


BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Language": "ar"}
PROBLEMS = {
    "nowhere": (404, "الصفحة غير موجودة."),
    "assets/nowhere.css": (404, "الصفحة غير موجودة."),
    "upload": (405, "الصفحة غير موجودة."),
    "history.txt": (403, "انضم إلى المحادثة أولًا."),
    "history.exe": (404, "لا توجد صيغة كهذه."),
    "audit.jsonl": (403, "هذا للمشرفين فقط."),
    f"?{'x' * 3000}": (414, "هذا الرابط طويل جدًا."),
}


async def test_browser_gets_a_page_and_a_program_one_line(server: Server, http: aiohttp.ClientSession):
    for path, (status, text) in PROBLEMS.items():
        async with http.get(f"{server.url}{path}", headers={"Accept-Language": "ar"}) as line:
            assert (line.status, await line.text()) == (status, f"{text}\n"), path
        async with http.get(f"{server.url}{path}", headers=BROWSER) as page:
            html = await page.text()
            assert (page.status, page.content_type, page.headers["Content-Language"]) == (status, "text/html", "ar"), (
                path
            )
            assert f"<h1>{text}</h1>" in html, path
            assert '<html lang="ar" dir="rtl">' in html, path
            assert '<a class=primary href="./">' in html, path
            assert page.headers.get("Allow") == ("POST" if status == 405 else None), path


async def test_failing_page_does_not_reveal_why(user: User, monkeypatch: pytest.MonkeyPatch):
    def fail(page: object) -> None:
        raise RuntimeError("the key is 42")

    monkeypatch.setattr(welcome, "build", fail)
    transport = httpx.ASGITransport(core.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        response = await client.get("/")
    assert response.status_code == 500
    assert response.text == "Something went wrong.\n"


@pytest.mark.parametrize("has_handlers", [True, False])
async def test_failure_is_logged_and_does_not_reveal_why(has_handlers: bool):
    app = FastAPI()

    @app.get("/")
    async def fail() -> None:
        raise RuntimeError("the key is 42")

    async def fail_without_response(*_: object) -> None:
        raise RuntimeError("the key is 42")

    register_error_handlers(app)
    asgi = secured(app if has_handlers else fail_without_response, "20 per minute")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(asgi), base_url="http://test") as client:
        with capture_logs() as logs:
            response = await client.get("/")
    assert response.status_code == 500
    assert response.text == "Something went wrong.\n"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "a request failed" in [line["event"] for line in logs]


@pytest.mark.parametrize("kind", ["enter", "invite", "join", "reset"])
async def test_failure_is_logged_without_the_secret_of_a_link(kind: str):
    async def fail(*_: object) -> None:
        raise RuntimeError

    asgi = secured(fail, "20 per minute")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(asgi), base_url="http://test") as client:
        with capture_logs() as logs:
            await client.get(f"/{kind}/the-secret")
    [path] = [line["path"] for line in logs if line["event"] == "a request failed"]
    assert path == f"/{kind}/…"
