"""Who gets which notifications, and what they show."""

from tests.support.hostile_pictures import drawn, encoded
from tests.support.scene_page import until


async def test_direct_messages_notify_the_people_in_them_unless_these_want_nothing(ann, bob, olga, enter):
    cem = await enter("Cem")
    await cem.set_preference("desktop", "nothing")
    await bob.say("/msg @Ann Tea?")
    await until(lambda: ann.user.notified == ["Bob · TCPChatNet"])
    await bob.say("/msg @Ann @Cem Tea for three?")
    await until(lambda: ann.user.notified[1:] == ["Bob · Bob and Cem · TCPChatNet"], lambda: str(ann.user.notified))
    await ann.say("/msg @Bob Yes")
    await ann.set_preference("level", "nothing")
    await ann.go("")
    await bob.say("/msg @Ann Good")
    await bob.say("/msg @Olga Hello")
    await until(lambda: olga.user.notified == ["Bob · TCPChatNet"])
    assert (len(ann.user.notified), cem.user.notified) == (2, [])


async def test_notification_shows_the_picture_of_its_sender_if_there_is_one(ann, bob):
    await ann.look_away()
    await bob.say("@Ann one")
    await until(lambda: ann.user.icons == ["assets/favicon.svg"], lambda: str(ann.user.icons))
    assert (await bob.user.http_client.post("/avatar", content=encoded(drawn(), "PNG"))).status_code == 204
    await bob.say("@Ann two")
    await until(lambda: ann.user.icons[-1].startswith(f"avatars/{bob.author_id('two')}/"), lambda: str(ann.user.icons))
