"""Previews of links: found in the background, shown to all, and removed by those who may."""

from collections.abc import AsyncIterator
from functools import partialmethod

import pytest

from chat.previews.fetcher import Fetcher
from tests.support.hostile_pictures import drawn, encoded
from tests.support.scene_page import until
from tests.support.web_sites import WebSites, web_sites

pytestmark = pytest.mark.settings(CHAT_PREVIEWS="on", CHAT_PUBLIC_URL="http://chat.example")
SEE = "See http://www.site.example/tea?a=1&b=2"
TEA = """<title>Tea &amp; &lt;img src=x onerror=alert(1)&gt;</title><meta name=description content='"Hot" \u202etac'>
<meta property=og:image content=cup.png>"""


@pytest.fixture(autouse=True)
async def sites(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[WebSites]:
    async with web_sites() as found:
        monkeypatch.setattr(Fetcher, "__init__", partialmethod(Fetcher.__init__, found.look_up, found.may_reach))
        found.page("www.site.example/tea?a=1&b=2", TEA)
        found.page("www.site.example/cup.png", encoded(drawn(300, 200), "PNG"), "image/png")
        yield found


async def sees_preview(person, text: str, *, is_there: bool = True) -> None:
    await until(lambda: ("class=preview" in person.message(text)) is is_there, lambda: person.message(text))


async def test_page_is_shown_in_its_own_words_to_everyone(ann, bob):
    await ann.say(SEE)
    for person in ann, bob:
        await person.shows("See")
        await sees_preview(person, "See")
    html = bob.message("See").partition("<span class=preview>")[2]
    assert 'href="http://www.site.example/tea?a=1&amp;b=2"' in html
    assert ">Tea &amp; &lt;img src=x onerror=alert(1)&gt;</a>" in html
    assert ">&#34;Hot&#34; tac</span>" in html
    assert ">site.example</small>" in html
    assert f'<img src="files/lobby/{bob.message_id("See")}/0/small" alt=""' in html


async def test_author_removes_a_preview_for_everyone(ann, bob):
    await ann.say(SEE)
    await bob.shows("See")
    await sees_preview(bob, "See")
    message_id = bob.message_id("See")
    bob.invoke(["--remove-preview", "", message_id])
    ann.invoke(["--remove-preview", "", message_id])
    for person in ann, bob:
        await sees_preview(person, "See", is_there=False)
    ann.invoke(["--remove-preview", "", "nothing00001"])
    await ann.is_refused(because="That message was deleted.")


async def test_edit_of_the_link_changes_the_preview(ann, bob, sites):
    sites.page("other.com/", "<title>Cake</title>")
    await ann.say(SEE)
    await bob.shows("See")
    await sees_preview(bob, "See")
    await ann.edit(SEE, "See other.com")
    await until(lambda: "Cake" in bob.message("See"), lambda: bob.message("See"))


async def test_links_of_the_chat_itself_and_missing_pages_show_nothing(ann, bob, sites):
    await ann.say("Mine: http://chat.example/room/tea")
    await ann.say("Gone: http://www.site.example/gone")
    await ann.say(SEE)
    await bob.shows("See")
    await sees_preview(bob, "See")
    await until(lambda: len(sites.asked) == 3)
    for text in ("Mine", "Gone"):
        await sees_preview(bob, text, is_there=False)
    assert {request.host for request in sites.asked} == {"www.site.example"}
