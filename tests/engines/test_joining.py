"""Coming in, with and without an account."""

PASSWORD = "seven wild geese"


async def test_name_is_enough_to_join(enter, guest):
    ann, bob = await enter(), await guest("Bob")
    await ann.eventually(True, "() => window.did_handshake")
    await ann.is_shown(".form .reason", False)  # which would say that cookies are missing
    await ann.join("Ann")
    await ann.sees_people("Ann", "Bob")
    await bob.sees_people("Ann", "Bob")


async def test_account_is_signed_out_and_in_again(enter, guest):
    ann, bob = await enter(), await guest("Bob")
    await ann.sign_up("Ann", PASSWORD)
    await ann.sign_out()
    await bob.sees_people("Bob")
    await ann.sign_in("Ann", PASSWORD)
    await ann.sees_people("Ann", "Bob")


async def test_text_waiting_is_not_sent_by_the_next_member(enter, guest, make_proxy):
    proxy = await make_proxy()
    ann, bob = await enter("Ann", url=proxy.url), await guest("Bob")
    proxy.swallow("down")
    await ann.send("my secret")
    await bob.sees("my secret")  # Ann's browser doesn't know that it arrived
    await proxy.heal()
    await ann.leave()
    await bob.sees_people("Bob")
    await ann.join("Eve")
    await ann.say("hello")
    await bob.sees("my secret", "hello")
    assert "secret" not in await ann.stored()
