"""The connection goes and comes back: people are told, go on writing, and are up to date without a reload."""

import os
import signal

import pytest
from playwright.async_api import expect

from tests.server import ADMIN_PASSWORD


@pytest.fixture
def server(make_server, request):
    """A server that waits five seconds for who is gone, unless the scene needs less."""
    return make_server(CHAT_GRACE=getattr(request, "param", "5"))


async def test_cut_off_for_a_moment(enter, make_proxy):
    proxy = await make_proxy()
    ann = await enter("Ann", url=proxy.url)
    bob = await enter("Bob")
    await ann.say("before")
    await bob.sees("before")
    await expect(ann.waiting).to_have_count(0)
    await ann.mark_page()
    await proxy.cut()
    await expect(ann.offline_notice).to_be_visible()
    await ann.say("from the tunnel")
    await ann.say("still there")
    await ann.write("half a sent")
    await expect(ann.waiting).to_have_text(["from the tunnel", "still there"])
    await bob.say("where is Ann?")
    await bob.sees("before", "where is Ann?")
    await proxy.heal()
    for person in ann, bob:
        await person.sees("before", "where is Ann?", "from the tunnel", "still there")
    await expect(ann.offline_notice).to_be_hidden()
    await expect(ann.waiting).to_have_count(0)
    await expect(ann.field).to_have_value("half a sent")
    await ann.is_on_the_same_page()


async def test_the_history_is_cleared_while_somebody_is_cut_off(enter, make_proxy):
    proxy = await make_proxy()
    ann = await enter("Ann", url=proxy.url)
    bob = await enter("Bob")
    await bob.become_admin(ADMIN_PASSWORD)
    await bob.say("to be deleted")
    await ann.sees("to be deleted")
    await ann.mark_page()
    await proxy.cut()
    await expect(ann.offline_notice).to_be_visible()
    await bob.clear_history()
    await bob.say("a fresh start")
    await proxy.heal()
    for person in ann, bob:
        await person.sees("a fresh start")
        await person.sees_line("Bob cleared the history")
    await ann.is_on_the_same_page()


async def test_a_network_that_swallows_everything(enter, make_proxy):
    proxy = await make_proxy()
    ann = await enter("Ann", url=proxy.url)
    bob = await enter("Bob")
    await ann.mark_page()
    proxy.swallow()
    await ann.say("into the void")
    await ann.write("half a sent")
    await bob.say("where is Ann?")
    await expect(ann.offline_notice).to_be_visible()
    await ann.write("ence\n")
    await proxy.heal()
    for person in ann, bob:
        await person.sees("where is Ann?", "into the void", "half a sentence")
    await expect(ann.offline_notice).to_be_hidden()
    await ann.is_on_the_same_page()


async def test_a_message_whose_answer_got_lost_is_there_once(enter, make_proxy):
    proxy = await make_proxy()
    ann = await enter("Ann", url=proxy.url)
    bob = await enter("Bob")
    proxy.swallow("down")
    await ann.say("do you hear me?")
    await bob.sees("do you hear me?")
    await expect(ann.waiting).to_have_text(["do you hear me?"])
    await proxy.heal()
    await expect(ann.waiting).to_have_count(0)
    await ann.say("again")
    for person in ann, bob:
        await person.sees("do you hear me?", "again")


async def test_what_is_refused_after_the_reconnect_comes_back(enter, make_proxy):
    proxy = await make_proxy()
    ann = await enter("Ann", url=proxy.url)
    await proxy.cut()
    await expect(ann.offline_notice).to_be_visible()
    await ann.say("/dance")
    await ann.say("fine")
    await ann.write("draft")
    await proxy.heal()
    await ann.sees("fine")
    await ann.is_refused("/dance\ndraft", because="There is no command /dance")


async def test_the_browser_is_offline(enter):
    ann = await enter("Ann")
    bob = await enter("Bob")
    await ann.mark_page()
    await ann.page.context.set_offline(True)
    await expect(ann.offline_notice).to_be_visible()
    await ann.say("from the train")
    await ann.write("half a sent")
    await bob.say("where is Ann?")
    await bob.sees("where is Ann?")
    await ann.page.context.set_offline(False)
    for person in ann, bob:
        await person.sees("where is Ann?", "from the train")
    await expect(ann.offline_notice).to_be_hidden()
    await expect(ann.field).to_have_value("half a sent")
    await ann.is_on_the_same_page()


@pytest.mark.parametrize("server", ["1"], indirect=True)
async def test_cut_off_for_so_long_that_one_has_left(enter, make_proxy):
    proxy = await make_proxy()
    ann = await enter("Ann", url=proxy.url)
    bob = await enter("Bob")
    await proxy.cut()
    await expect(ann.offline_notice).to_be_visible()
    await ann.say("from the tunnel")
    await ann.write("half a sent")
    await bob.sees_line("Ann left")
    await bob.say("where is Ann?")
    await proxy.heal()
    for person in ann, bob:
        await person.sees("where is Ann?", "from the tunnel")
        await person.sees_people("Ann", "Bob")
    await expect(ann.offline_notice).to_be_hidden()
    await expect(ann.field).to_have_value("half a sent")


async def test_the_server_is_killed_and_started_again(enter, server):
    ann = await enter("Ann")
    bob = await enter("Bob")
    await ann.say("one")
    await bob.say("two")
    await ann.sees("one", "two")
    server.kill()
    for person in ann, bob:
        await expect(person.offline_notice).to_be_visible()
    await ann.say("three")
    await ann.write("half a sent")
    server.start()
    for person in ann, bob:
        await person.sees("one", "two", "three")
        await person.sees_people("Ann", "Bob")
        await expect(person.offline_notice).to_be_hidden()
    await expect(ann.field).to_have_value("half a sent")
    assert [message["text"] for message in server.messages()] == ["one", "two", "three"]


async def test_the_server_dies_with_a_message_on_its_way(enter, server):
    ann = await enter("Ann")
    bob = await enter("Bob")
    os.kill(server.process.pid, signal.SIGSTOP)
    await ann.say("on its way")
    await ann.say("right behind")
    await expect(ann.waiting).to_have_text(["on its way", "right behind"])
    server.kill()
    server.start()
    for person in ann, bob:
        await person.sees("on its way", "right behind")
    await expect(ann.waiting).to_have_count(0)
    assert [message["text"] for message in server.messages()] == ["on its way", "right behind"]
