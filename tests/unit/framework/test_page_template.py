"""Our page template against NiceGUI's."""

import re
from hashlib import sha256
from pathlib import Path

import nicegui.client
import pytest
from markupsafe import escape
from nicegui.testing import User
from nicegui.version import __version__

from chat.framework.page_template import IN_EACH_PAGE, SAFE, page_files, render
from chat.i18n.translator import languages, translator
from tests.support.server import ROOT

THEIRS = Path(nicegui.client.__file__).parent / "templates" / "index.html"
OURS = ROOT / "chat" / "framework" / "templates" / "index.html"
FILLED = re.compile(r"{{|extraHeaders:")


def test_template_of_nicegui_is_the_one_ours_follows():
    # If it changed, carry the changes over to ours.
    assert sha256(THEIRS.read_bytes()).hexdigest()[:12] == "82070de37996"


@pytest.mark.parametrize("hostile", ["<script>", '"onload="', "\0nonce\0", "nonce"])
def test_what_a_page_adds_is_escaped_and_stays_in_its_place(user: User, hostile: str):
    given = dict.fromkeys(IN_EACH_PAGE, hostile) | dict.fromkeys(SAFE, "") | {"nonce": "n0nce"}
    page = render("en", "ltr", "", "", **given)
    assert page.count('nonce="n0nce"') == page.count("<script") + 1
    assert f"<title>{escape(hostile)}</title>" in page
    if hostile != escape(hostile):
        assert hostile not in page


def test_template_is_filled_by_page_and_by_what_pages_have_in_common(user: User):
    places = dict.fromkeys(IN_EACH_PAGE, "filled")
    pages = [render(*language, "", "/below", **places) for language in (("en", "ltr"), ("ar", "rtl"))]
    assert '<html lang="ar" dir="rtl">' in pages[1]
    assert pages[0] != pages[1]
    assert set(re.findall(r'"/[^"]*/static/', "".join(pages))) == {f'"/below/_nicegui/{__version__}/static/'}


def script_lines(path: Path) -> set[str]:
    """Return the lines of the scripts in a template, without those that are filled."""
    scripts = re.findall(r"<script[^>]*>(.*?)</script>", path.read_text(), re.DOTALL)
    return {line.strip() for script in scripts for line in script.splitlines() if not FILLED.search(line)}


def test_all_scripts_in_ours_are_those_of_nicegui():
    assert len(script_lines(OURS)) > 10
    assert script_lines(OURS) <= script_lines(THEIRS)


async def test_every_file_that_a_page_loads_from_nicegui_is_served(user: User):
    for language in languages():
        headers = {"Accept-Language": translator(language).tag}
        loaded = re.findall(r'"(/_nicegui/[^"]+\.m?js)"', (await user.http_client.get("/", headers=headers)).text)
        assert any(path.endswith(f"/lang/{translator(language).tag}.umd.prod.js") for path in loaded)
        assert set(loaded) <= set(page_files())
