"""Our page template against NiceGUI's."""

import re
from hashlib import sha256
from pathlib import Path

import nicegui.client
import pytest
from jinja2 import Environment, FileSystemLoader, meta
from nicegui.testing import User
from starlette.requests import Request

from chat.framework.page_template import FOLDER, install_template, page_files, used_modules
from chat.i18n.translator import languages, translator
from chat.web.security.request_context import request_context

THEIRS = Path(nicegui.client.__file__).parent / "templates" / "index.html"
OURS = FOLDER / "index.html"
UNUSED = {"tailwind", "unocss", "headwind_css", "prod_js"}


def variables(path: Path) -> set[str]:
    environment = Environment(loader=FileSystemLoader(path.parent), autoescape=True)
    return meta.find_undeclared_variables(environment.parse(path.read_text().replace("| used_modules", "")))


def test_template_of_nicegui_is_the_one_ours_follows():
    # If it changed, carry the changes over to ours.
    assert sha256(THEIRS.read_bytes()).hexdigest()[:12] == "82070de37996"


def test_ours_uses_the_same_variables():
    assert variables(OURS) - {"request", "request_context"} == variables(THEIRS) - UNUSED


def script_lines(path: Path) -> set[str]:
    """Return the lines of the scripts in a template, without those that Jinja fills."""
    scripts = re.findall(r"<script[^>]*>(.*?)</script>", path.read_text(), re.DOTALL)
    return {line.strip() for script in scripts for line in script.splitlines() if "{{" not in line}


def test_all_scripts_in_ours_are_those_of_nicegui():
    assert len(script_lines(OURS)) > 10
    assert script_lines(OURS) <= script_lines(THEIRS)


def test_ours_is_found_first_and_installed_once():
    install_template()
    install_template()
    environment = nicegui.client.templates.env
    assert environment.get_template("index.html").filename == str(OURS)
    assert len(environment.loader.loaders) == 2


@pytest.mark.parametrize("hostile", ["<script>", '"onload="'])
def test_what_a_request_adds_is_escaped(hostile: str):
    install_template()
    request = Request({"type": "http", "headers": []})
    context = request_context(request.scope)
    context.splash = context.notices = context.direction = hostile
    page = nicegui.client.templates.env.get_template("index.html").render(
        request=request, imports="{}", translations={}, js_imports_urls=[], socket_io_js_query_params={}
    )
    assert hostile not in page


def test_import_map_only_has_modules_that_pages_import():
    assert used_modules('{"vue": "/vue.js", "sass": "/sass.js", "nicegui-chart": "/chart.js"}') == '{"vue": "/vue.js"}'


async def test_every_file_that_a_page_loads_from_nicegui_is_served(user: User):
    for language in languages():
        headers = {"Accept-Language": translator(language).tag}
        loaded = re.findall(r'"(/_nicegui/[^"]+\.m?js)"', (await user.http_client.get("/", headers=headers)).text)
        assert any(path.endswith(f"/lang/{translator(language).tag}.umd.prod.js") for path in loaded)
        assert set(loaded) <= set(page_files())
