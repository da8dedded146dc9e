"""A lost connection."""


async def test_text_sent_offline_arrives_once(enter, guest, make_proxy):
    proxy = await make_proxy()
    ann, bob = await enter("Ann", url=proxy.url), await guest("Bob")
    await proxy.cut()
    await ann.is_offline()
    await ann.send("from the tunnel")
    await bob.say("where is Ann?")
    await proxy.heal()
    await ann.is_offline(False)
    for person in ann, bob:
        await person.sees("where is Ann?", "from the tunnel")
