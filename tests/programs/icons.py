"""Generate `assets/icons` from `assets/favicon.svg`: `python -m tests.programs.icons` (not a test)."""

import asyncio

from playwright.async_api import Page, async_playwright

from tests.support.chromium import chromium
from tests.support.server import ROOT

ICONS = ROOT / "assets" / "icons"
SVG = (ROOT / "assets" / "favicon.svg").read_text()
BRAND = "#4f46e5"


async def draw(page: Page, name: str, width: int, height: int, body: str, *, opaque: bool) -> None:
    """Save a screenshot of `body`."""
    await page.set_viewport_size({"width": width, "height": height})
    await page.set_content(f"<style>*{{margin:0;box-sizing:border-box}}svg{{display:block}}</style>{body}")
    await page.screenshot(path=ICONS / f"{name}.png", omit_background=not opaque)


async def main() -> None:
    """Draw all icons. Launchers crop `maskable` to a shape, so its content stays within the middle 80 %."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
        page = await browser.new_page()
        for size in 192, 512:
            await draw(page, str(size), size, size, SVG, opaque=False)
        for name, size in ("maskable", 512), ("apple-touch", 180):
            box = f"width:{size}px;height:{size}px;background:{BRAND};padding:{size // 10}px"
            await draw(page, name, size, size, f'<div style="{box}">{SVG}</div>', opaque=True)
        share = (
            '<div style="width:1200px;height:630px;display:flex;align-items:center;gap:64px;padding:96px;'
            f'background:#f6f7f9;font-family:Inter,sans-serif"><div style="width:240px">{SVG}</div>'
            '<div style="font:700 88px sans-serif;color:#1a1d26">TCPChatNet'
            '<div style="font:400 40px sans-serif;color:#5a6272;margin-top:16px">A chat of your own</div></div></div>'
        )
        await draw(page, "share", 1200, 630, share, opaque=True)
        await browser.close()


if __name__ == "__main__":
    chromium_path = chromium()
    ICONS.mkdir(exist_ok=True)
    asyncio.run(main())
