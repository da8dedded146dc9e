"""History and sessions across restarts, and on a disk that can't be written."""

from playwright.async_api import expect


async def test_history_and_session_survive_a_restart(enter, server):
    ann = await enter("Ann")
    await ann.say("one\n  two")
    await ann.say("/me waves")
    await ann.say("//who three")
    await ann.sees("one two", "Ann waves", "/who three")
    await ann.page.goto("about:blank")
    server.stop()
    server.start()
    await ann.page.goto(server.url)
    await ann.is_in()
    await ann.sees("one two", "Ann waves", "/who three")
    await ann.sees_people("Ann")
    await expect(ann.notices).to_have_count(0)


async def test_full_disk_is_reported_and_the_text_is_kept(enter, server, guest):
    ann = await enter("Ann")
    bob = await guest("Bob")
    await ann.say("before")
    await bob.sees("before")
    obstacle = server.history_file.with_name("chat_log.json.tmp")
    obstacle.mkdir()
    await ann.say("lost?")
    await ann.is_refused("lost?", because="couldn't be saved, so it wasn't sent")
    assert server.health()["http"] == 503
    await bob.sees("before")
    obstacle.rmdir()
    await ann.field.press("Enter")
    for person in ann, bob:
        await person.sees("before", "lost?")
    await expect(ann.reason).to_be_hidden()
    assert server.health()["http"] == 200
    assert [message["text"] for message in server.messages()] == ["before", "lost?"]


async def test_browser_without_its_cookie_is_a_new_person(enter):
    ann = await enter("Ann")
    await ann.say("hello")
    await ann.sees("hello")
    await ann.page.context.clear_cookies()
    await ann.page.reload()
    await ann.is_at_the_card()
    await expect(ann.page.get_by_text("hello")).to_have_count(0)
