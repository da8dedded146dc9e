"""Single sign-on against a third-party mock of an OpenID Connect provider."""

import asyncio
import json
import re
from collections.abc import Iterator

import oidc_provider_mock
import pytest
from playwright.async_api import expect

from tests.support.hostile_provider import hostile_provider

pytestmark = pytest.mark.own_server

# Centres of an element's text and of the element.
CENTRES = """(element) => {
  const words = new Range()
  words.selectNodeContents(element)
  return [words, element].map(part => part.getBoundingClientRect()).map(
    ({x, y, width, height}) => [x + width / 2, y + height / 2]) }"""


@pytest.fixture
def provider() -> Iterator[str]:
    with oidc_provider_mock.run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def sso_server(make_server, provider):
    return make_server(
        CHAT_ACCESS="sso",
        CHAT_SSO_URL=f"{provider}/.well-known/openid-configuration",
        CHAT_SSO_CLIENT_ID="chat",
        CHAT_SSO_CLIENT_SECRET="a secret of both",
        CHAT_GRACE="1",
    )


async def authorize(person, user: str) -> None:
    """Sign in at the provider as this user."""
    await person.page.get_by_role("link", name="Sign in").click()
    await person.page.get_by_placeholder("sub").fill(user)
    await person.page.get_by_role("button", name="Authorize").click()


async def test_user_of_the_provider_joins(enter, sso_server):
    ann = await enter(url=sso_server.url)
    await expect(ann.card_name).to_have_count(0)
    await authorize(ann, "ann@example.com")
    await ann.is_in()
    await ann.say("hello from work")
    await ann.sees("hello from work")


@pytest.mark.exhaustive
async def test_link_to_the_provider_looks_like_a_button(enter, sso_server):
    ann = await enter(url=sso_server.url)
    link = ann.page.get_by_role("link", name="Sign in")
    await expect(link).to_have_css("text-decoration-line", "none")
    words, button = await link.evaluate(CENTRES)
    assert words == pytest.approx(button, abs=1)


@pytest.mark.exhaustive
async def test_user_has_the_same_account_on_another_device(enter, sso_server):
    ann, away = await enter(url=sso_server.url), await enter(url=sso_server.url)
    await authorize(ann, "ann@example.com")
    await ann.is_in()
    await ann.say("written at work")
    await authorize(away, "ann@example.com")
    await away.is_in()
    await away.edit("written at work", into="changed at home")
    await ann.sees("changed at home")
    await expect(ann.people).to_have_count(1)


@pytest.mark.exhaustive
async def test_account_without_a_password_is_deleted_without_asking_for_one(enter, sso_server):
    ann = await enter(url=sso_server.url)
    await authorize(ann, "ann@example.com")
    await ann.is_in()
    await ann.choose("Account")
    await expect(ann.page.get_by_role("dialog").get_by_role("textbox")).to_have_count(0)
    await ann.page.get_by_role("button", name="Delete account…").click()
    await ann.page.get_by_role("button", name="Delete account", exact=True).click()
    await expect(ann.page.get_by_role("link", name="Sign in")).to_be_visible()
    accounts = json.loads((sso_server.data_dir / "accounts.json").read_text())["accounts"]
    assert accounts == []


@pytest.mark.exhaustive
async def test_two_people_with_the_same_name_have_two_accounts(enter, sso_server):
    ann, other = await enter(url=sso_server.url), await enter(url=sso_server.url)
    await authorize(ann, "ann@example.com")
    await ann.is_in()
    await authorize(other, "ann@example.org")
    await other.is_in()
    await expect(ann.people).to_have_count(2)


async def test_denied_authorization_and_unsolicited_response_are_reported(enter, sso_server):
    eve = await enter(url=f"{sso_server.url}sso/callback?code=stolen&state=guessed")
    await expect(eve.page.get_by_role("alert")).to_contain_text("Sign-in failed")
    assert re.match(sso_server.url, eve.page.url)
    await eve.page.get_by_role("link", name="Sign in").click()
    await eve.page.get_by_role("button", name="Deny").click()
    await expect(eve.page.get_by_role("alert")).to_contain_text("Sign-in failed")


async def test_expired_sign_in_is_renewed_without_a_click_or_a_lost_word(enter, make_server):
    async with hostile_provider() as provider:  # which still knows its user
        server = make_server(**provider.settings, CHAT_SSO_MAX_AGE="0.002", CHAT_GRACE="1")
        ann = await enter(url=server.url)
        await ann.page.get_by_role("link", name="Sign in").click()
        await ann.is_in()
        provider.visits.clear()
        await ann.write("half a thought")
        reminder = ann.page.locator(".reminder")
        await expect(reminder).to_contain_text("Your sign-in expires soon.")
        await expect(reminder.get_by_role("link", name="Sign in")).to_have_attribute("href", "sso?back=/")
        async with asyncio.timeout(20):
            await provider.visits.wait()
            provider.visits.clear()
        await ann.is_in()
        await expect(ann.field).to_have_value("half a thought")
        await reminder.get_by_role("link", name="Sign in").click()
        await provider.visits.wait()
        await ann.is_in()
        await expect(ann.field).to_have_value("half a thought")
