"""Security headers, nonces and cookies of responses."""

import aiohttp

from tests.support.page_source import between
from tests.support.server import Server


async def test_every_response_has_the_headers(server: Server, http: aiohttp.ClientSession):
    for path in ("", "healthz", "nowhere", "assets/chat.css", "assets/nowhere", "_nicegui_ws/socket.io/"):
        async with http.get(f"{server.url}{path}") as response:
            policy = response.headers["Content-Security-Policy"]
            assert "'unsafe-inline'" not in policy.split("script-src ")[1].split(";")[0]
            assert "frame-ancestors 'none'" in policy
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
            assert {"Referrer-Policy", "Permissions-Policy"} <= set(response.headers)
            assert "Strict-Transport-Security" not in response.headers


async def test_every_script_has_the_nonce_of_its_response(server: Server, http: aiohttp.ClientSession):
    nonces = set()
    for _ in range(2):
        async with http.get(server.url) as response:
            nonce = between(response.headers["Content-Security-Policy"], "'nonce-", "'")
            source = await response.text()
        assert source.count("<script") == source.count(f'<script nonce="{nonce}"') > 5
        nonces.add(nonce)
    assert len(nonces) == 2


async def test_cookies_are_secure_behind_tls(make_server, http: aiohttp.ClientSession):
    server = make_server(CHAT_TRUSTED_HOPS="1")
    forwarded = {"X-Forwarded-For": "1.1.1.1", "X-Forwarded-Proto": "https"}
    async with http.get(server.url, headers=forwarded) as response:
        assert "; secure" in response.headers["Set-Cookie"]
        assert "Strict-Transport-Security" in response.headers
    async with http.get(server.url) as response:
        assert "; secure" not in response.headers["Set-Cookie"]


async def test_files_of_nicegui_are_cacheable(server: Server, http: aiohttp.ClientSession):
    async with http.get(server.url) as page:
        path = between(await page.text(), 'src="/_nicegui/', '"')
    for url, is_cacheable in (
        (f"{server.url}_nicegui/{path}", True),
        (f"{server.url}_nicegui/nowhere", False),
        (server.url, False),
    ):
        async with http.get(url) as response:
            assert ("immutable" in response.headers.get("Cache-Control", "")) is is_cacheable
