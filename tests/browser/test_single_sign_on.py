"""Single sign-on, against a provider of OpenID Connect that is somebody else's code."""

import json
import re
from collections.abc import Iterator

import oidc_provider_mock
import pytest
from playwright.async_api import expect

# Where the middle of an element's words is, and that of the element.
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
def company(make_server, provider):
    return make_server(
        CHAT_ACCESS="sso",
        CHAT_SSO_URL=f"{provider}/.well-known/openid-configuration",
        CHAT_SSO_CLIENT_ID="chat",
        CHAT_SSO_CLIENT_SECRET="a secret of both",
        CHAT_GRACE="1",
    )


async def authorize(person, who: str) -> None:
    """Go to the provider, and be known there."""
    await person.page.get_by_role("link", name="Sign in").click()
    await person.page.get_by_placeholder("sub").fill(who)
    await person.page.get_by_role("button", name="Authorize").click()


async def test_person_known_to_the_provider_joins(enter, company):
    ann = await enter(url=company.url)
    await expect(ann.card_name).to_have_count(0)
    await authorize(ann, "ann@example.com")
    await ann.is_in()
    await ann.say("hello from work")
    await ann.sees("hello from work")


@pytest.mark.exhaustive
async def test_link_to_the_provider_looks_like_a_button(enter, company):
    ann = await enter(url=company.url)
    link = ann.page.get_by_role("link", name="Sign in")
    await expect(link).to_have_css("text-decoration-line", "none")
    words, button = await link.evaluate(CENTRES)
    assert words == pytest.approx(button, abs=1)


@pytest.mark.exhaustive
async def test_person_has_the_same_account_on_another_device(enter, company):
    ann, away = await enter(url=company.url), await enter(url=company.url)
    await authorize(ann, "ann@example.com")
    await ann.is_in()
    await ann.say("written at work")
    await authorize(away, "ann@example.com")
    await away.is_in()
    await away.edit("written at work", into="changed at home")
    await ann.sees("changed at home")
    await expect(ann.people).to_have_count(1)


@pytest.mark.exhaustive
async def test_account_without_a_password_is_deleted_without_one(enter, company):
    ann = await enter(url=company.url)
    await authorize(ann, "ann@example.com")
    await ann.is_in()
    await ann.choose("Account")
    await expect(ann.page.get_by_role("dialog").get_by_role("textbox")).to_have_count(0)
    await ann.page.get_by_role("button", name="Delete account…").click()
    await ann.page.get_by_role("button", name="Delete account", exact=True).click()
    await expect(ann.page.get_by_role("link", name="Sign in")).to_be_visible()
    accounts = json.loads((company.data_dir / "accounts.json").read_text())["accounts"]
    assert accounts == []


@pytest.mark.exhaustive
async def test_two_people_of_one_name_are_two_accounts(enter, company):
    ann, other = await enter(url=company.url), await enter(url=company.url)
    await authorize(ann, "ann@example.com")
    await ann.is_in()
    await authorize(other, "ann@example.org")
    await other.is_in()
    await expect(ann.people).to_have_count(2)


async def test_denied_authorization_is_reported(enter, company):
    ann = await enter(url=company.url)
    await ann.page.get_by_role("link", name="Sign in").click()
    await ann.page.get_by_role("button", name="Deny").click()
    await expect(ann.page.get_by_role("alert")).to_contain_text("Sign-in failed")


async def test_unrequested_answer_of_a_provider_is_refused(enter, company):
    eve = await enter(url=f"{company.url}sso/callback?code=stolen&state=guessed")
    await expect(eve.page.get_by_role("alert")).to_contain_text("Sign-in failed")
    assert re.match(company.url, eve.page.url)
