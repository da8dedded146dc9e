"""Who gets which notifications of direct messages."""

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
