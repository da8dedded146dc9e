"""Coming in, with and without an account."""

PASSWORD = "seven wild geese"


async def test_name_is_enough_to_join(enter, guest):
    ann, bob = await enter(), await guest("Bob")
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


async def test_text_waiting_is_not_sent_by_the_next_member(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await ann.keep_waiting("mabcd1234", "hi")
    await ann.reload()
    await bob.sees("hi")  # connected, so the page resends nothing from now on
    await ann.keep_waiting("mabcd1235", "my secret")
    await ann.choose("Leave")
    await ann.is_at_the_card()
    await ann.join("Eve")
    await ann.say("hello")
    await bob.sees("hi", "hello")
