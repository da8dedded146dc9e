"""Completion: suggestions for typed text."""

from tests.support.server import ADMIN_PASSWORD


async def test_people_are_suggested_by_their_names_others_first(enter, ann):
    for name in "Anna Lee", "Bob", "Joanna":
        await enter(name)
    await ann.sees_people("Ann", "Anna Lee", "Bob", "Joanna")
    for typed, names in (
        ("Hi @", ["@Anna Lee ", "@Bob ", "@Joanna ", "@Ann "]),
        ("Hi @a", ["@Anna Lee ", "@Ann ", "@Joanna "]),
        ("@anna", ["@Anna Lee ", "@Joanna "]),
        ("@anna l", ["@Anna Lee "]),
        ("@annax", []),
        ("@b ", []),
        ("mail me@b", []),
        ("Hello ", []),
    ):
        assert ann.suggested(typed) == names, typed


async def test_people_are_suggested_without_a_space_before(enter, ann):
    await enter("田中")
    await ann.sees_people("Ann", "田中")
    for typed in "＠田", "こんにちは@田", "「@", "你好，＠田中", "(＠中":
        assert "@田中 " in ann.suggested(typed), typed
        assert ann.suggested("") == []


async def test_those_who_are_away_are_suggested_last(enter, ann):
    for name in "Aaron", "Albert", "Alma":
        person = await enter(name)
        await person.say(f"{name} was here")
        await ann.shows(f"{name} was here")
    await person.leave()
    aaron = next(iter(ann.people))
    await ann.sees_people("Aaron", "Albert", "Ann")
    assert ann.suggested("@a") == [f"@{name} " for name in (aaron, "Albert", "Alma", "Ann")]
    await ann.say("@Alma come back")
    await ann.shows("@Alma come back")
    assert 'class="mention"' in ann.message("@Alma come back")


async def test_everyone_is_suggested_to_admins_only(ann):
    assert ann.suggested("@al") == []
    await ann.become_admin(ADMIN_PASSWORD)
    assert ann.suggested("@al") == ["@all "]
    await ann.reads("Everyone in the room")


async def test_every_guest_command_is_suggested(ann):
    commands = ("help", "nick", "me", "shrug", "msg", "search", "who", "admin")
    assert [typed.rstrip(" @") for typed in ann.suggested("/")] == [f"/{name}" for name in commands]


async def test_suggested_command_has_its_usage_and_help(ann):
    assert ann.suggested("/ni") == ["/nick "]
    await ann.reads("/nick NAME")
    await ann.reads("Change your name")


async def test_commands_are_suggested_only_at_the_start(ann):
    for typed in "and /ni", "first\n/ni", " /ni", "/to":
        assert ann.suggested(typed) == [], typed
        assert ann.suggested("/ni") == ["/nick "]


async def test_emoji_are_suggested(ann):
    assert ann.suggested("Done :tad")[0] == "🎉 "


async def test_nothing_is_suggested_for_a_smiley_or_a_colon_within_a_word(ann):
    smileys = [":D", ":P", ":o", ":-)", ":)", ":/", ":3"]
    for typed in *(f"nice {smiley}" for smiley in smileys), "at 12:30", "https://ex", "a::tad", "Note:tad":
        assert ann.suggested(typed) == [], typed
        assert ann.suggested("nice :tad")
