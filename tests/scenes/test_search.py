"""Search: matches, and the contents of results."""

import asyncio

import pytest

from chat.state.search.search import MessageSearch
from tests.support.room_nodes import plain
from tests.support.scene_page import until
from tests.support.server import ADMIN_PASSWORD


async def expect_results(person, *texts):
    """Expect exactly these results, newest first."""
    found = [*texts]
    await until(lambda: [*map(plain, person.results)] == found, lambda: f"{person.results} instead of {found}")


async def test_results_have_author_and_marked_words(ann, bob):
    await bob.say("The tea is ready, the green tea")
    await bob.say("Coffee is not")
    await ann.sees("The tea is ready, the green tea", "Coffee is not")
    await ann.search("tea green")
    await expect_results(ann, "The tea is ready, the green tea")
    assert ann.results[0].count("<mark>tea</mark>") == 2
    assert "<mark>green</mark>" in ann.results[0]
    assert "<bdi>Bob</bdi>" in "".join(ann.html())
    await ann.reads("1 message found")


async def test_results_name_the_files_of_a_message_once(ann):
    uploaded = await ann.user.http_client.post("/upload?room=lobby&name=tea.txt", content=b"Darjeeling")
    ann.submit(["message00001", "**Green** tea", "", "lobby", False, [[uploaded.json()["id"], ""]]])
    await until(lambda: "message00001" in ann.user.settled)
    await ann.search("has:file")
    await expect_results(ann, "Green tea tea.txt")


async def test_search_by_command(ann):
    await ann.say("The tea is ready")
    await ann.sees("The tea is ready")
    await ann.say("/search tea")
    await expect_results(ann, "The tea is ready")
    await ann.sees("The tea is ready")


async def test_search_command_without_a_query_opens_an_empty_search(ann):
    await ann.say("/search")
    await until(lambda: ann.is_search_open)
    assert ann.results == []


@pytest.mark.parametrize("query", ["creme BRULEE grossen cafe", "CRÈME CAFÉ"])
async def test_search_ignores_case_and_accents(ann, query):
    await ann.say("Crème brûlée im GROẞEN Café")
    await ann.sees("Crème brûlée im GROẞEN Café")
    await ann.search(query)
    await expect_results(ann, "Crème brûlée im GROẞEN Café")
    assert ann.results[0].count("<mark>") == len(query.split())


async def test_results_follow_the_query_newest_first(ann):
    for text in "tea", "team", "coffee":
        await ann.say(text)
    await ann.sees("tea", "team", "coffee")
    await ann.search("te")
    await expect_results(ann, "team", "tea")
    await ann.reads("2 messages found")
    await ann.search("team")
    await expect_results(ann, "team")
    await ann.search("salad")
    await ann.reads("No messages found")
    await ann.search({"not": "a text"})
    await expect_results(ann)


async def test_results_contain_no_markup(ann):
    await ann.say("The **tea** is [ready](https://example.org/pot)")
    await ann.sees("The tea is ready")
    await ann.search("tea ready")
    await expect_results(ann, "The tea is ready")
    await ann.search("example.org/pot")
    await expect_results(ann, "The **tea** is [ready](https://example.org/pot)")


@pytest.mark.parametrize("said", ["**who?** ||the butler||", "# who?\n> ||butler||", "who? ||`butler` or cook||"])
async def test_spoilers_stay_hidden_in_results(ann, said):
    await ann.say(said)
    await until(lambda: ann.messages)
    await ann.search("butler")
    await until(lambda: ann.results)
    assert "who? ▒" in plain(ann.results[0])
    assert "butler" not in ann.results[0]


async def test_html_in_results_is_shown_as_typed(ann):
    hostile = '<img src=x onerror="document.title=1"> tea </span><mark>&amp;'
    await ann.say(hostile)
    await ann.sees(hostile)
    await ann.search("tea")
    await expect_results(ann, hostile)
    assert ann.results[0].count("<mark>") == 1
    await ann.search("<img src=x onerror")
    await until(lambda: ann.results[0].count("<mark>") == 3)
    assert "<img src=x" not in "".join(ann.html())


async def test_newest_query_waits_and_those_before_it_are_skipped(ann, monkeypatch):
    await ann.say("tea")
    await ann.say("coffee")
    await ann.sees("tea", "coffee")
    searched, go_on = [], asyncio.Event()

    async def search_later(self, member_id, query, *others):
        searched.append(query)
        await go_on.wait()
        return await run(self, member_id, query, *others)

    run = MessageSearch.run
    monkeypatch.setattr(MessageSearch, "run", search_later)
    for query in "t", "te", "tea", "coffee":
        await ann.search(query)
    go_on.set()
    await expect_results(ann, "coffee")
    assert searched == ["t", "coffee"]


async def test_overlong_query_is_rejected(ann):
    await ann.search("x" * 201)
    await ann.reads("A search can have up to 200 characters.")


async def test_deleted_and_cleared_messages_are_not_found(ann):
    await ann.become_admin(ADMIN_PASSWORD)
    await ann.say("The tea is ready")
    await ann.say("The tea is cold")
    await ann.sees("The tea is ready", "The tea is cold")
    await ann.delete("The tea is ready")
    await ann.sees("The tea is cold")
    await ann.search("tea")
    await expect_results(ann, "The tea is cold")
    await ann.clear_history()
    await ann.sees()
    await ann.search("tea")
    await ann.reads("No messages found")


async def test_result_deleted_meanwhile_is_reported(ann, bob):
    await ann.say("The tea is ready")
    await bob.sees("The tea is ready")
    found = bob.message_id("The tea is ready")
    await ann.delete("The tea is ready")
    await bob.sees()
    await bob.search("tea")
    bob.open_result("", found, "push")
    await bob.is_refused(because="That message no longer exists.")


async def test_results_can_be_filtered(ann, bob):
    await ann.say("The tea is https://example.org/pot")
    await bob.say("Bob's green tea")
    await bob.say("coffee at 10–11")
    await ann.sees("The tea is https://example.org/pot", "Bob's green tea", "coffee at 10–11")
    for query, texts in (
        ("from:bob tea", ["Bob's green tea"]),
        ("has:link from:bob", []),
        ('from:"Ann" tea', ["The tea is https://example.org/pot"]),
        ("before:2020", []),
        ("has:link", ["The tea is https://example.org/pot"]),
        ("before:lunch", []),
        ("after:2020 coffee", ["coffee at 10–11"]),
        ("bob’s", ["Bob's green tea"]),
    ):
        await ann.search(query)
        await expect_results(ann, *texts)
        if not texts:
            await ann.reads("No messages found")


@pytest.mark.parametrize(
    ("said", "query", "shown"),
    [
        ("a **wo**rd", "word", "</mark>"),  # whether it is shown as bold is up to the renderer
        ("a ~~wo~~rd", "word", "a <mark>word</mark>"),
        ("a `wo`rd", "word", "a <mark>word</mark>"),
        ("yay :tada:", "🎉", "yay <mark>🎉</mark>"),
        ("🎉", ":tada:", "<mark>🎉</mark>"),
    ],
)
async def test_text_is_found_as_it_is_read(ann, said, query, shown):
    await ann.say(said)
    await until(lambda: ann.messages)
    await ann.search(query)
    await until(lambda: shown in "".join(ann.results), lambda: str(ann.results))
