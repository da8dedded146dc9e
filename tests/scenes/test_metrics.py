"""What a monitor that knows the token learns of a chat."""

import re

import httpx
import pytest
from nicegui import core
from prometheus_client.parser import text_string_to_metric_families

from tests.support.scrape import BEARER, TOKEN, values
from tests.support.server import ROOT

pytestmark = pytest.mark.settings(CHAT_METRICS_TOKEN=TOKEN)


async def scrape() -> str:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(core.app), base_url="http://test") as monitor:
        answer = await monitor.get("/metrics", headers=BEARER)
    assert answer.status_code == 200
    return answer.text


async def test_people_pages_messages_and_durations_are_counted(ann, bob):
    await ann.say("one")
    await bob.say("two")
    await ann.sees("one", "two")
    found = values(await scrape())
    assert (found["people"], found["pages"], found["messages_total"]) == (2, 2, 2)
    assert found["delivery_seconds_count"] == 2
    assert 0 < found["delivery_seconds_sum"] < 10
    assert found["store_seconds_count"] >= 2
    assert 0 < found["store_seconds_sum"] < 10
    assert found["store_writable{store=history}"] == found["store_writable{store=audit log}"] == 1
    assert found["process_start_time_seconds"] > 0
    await bob.leave()
    await ann.say("three")
    await ann.sees("one", "two", "three")
    found = values(await scrape())
    assert (found["people"], found["messages_total"], found["delivery_seconds_count"]) == (1, 3, 3)


@pytest.mark.settings(CHAT_MESSAGE_RATE="2 per minute")
async def test_refusals_are_counted_by_reason(ann, enter):
    for text in "one", "two", "three":
        await ann.say(text)
    await ann.is_refused(because="You're sending too fast.")
    stranger = await enter()
    stranger.click("Sign in")
    stranger.submit_card("Ann", "seven wild geese")
    await stranger.is_refused(because="Wrong name or password.")
    found = values(await scrape())
    assert (found["refused_total{reason=too-fast}"], found["refused_total{reason=sign-in-wrong}"]) == (1, 1)
    assert found["messages_total"] == found["delivery_seconds_count"] == 2


async def test_metrics_contain_no_names(ann, olga):
    await ann.say("a secret")
    await ann.say("/nowhere")
    await ann.is_refused(because="Unknown command")
    exposition = await scrape()
    assert "refused_total" in exposition
    for word in "Ann", "Olga", "secret", "nowhere", "lobby":
        assert word.casefold() not in exposition.casefold()


async def test_readme_has_all_metrics(ann):
    rows = dict(re.findall(r"^\| `tcpchatnet_(\w+)` \| (\w+) \|", (ROOT / "README.md").read_text(), re.MULTILINE))
    assert rows.pop("engine_up") == "gauge"  # only with one
    families = text_string_to_metric_families(await scrape())
    own = {found.name.removeprefix("tcpchatnet_"): found.type for found in families if "tcpchatnet" in found.name}
    assert own == {name.removesuffix("_total"): kind for name, kind in rows.items()}
