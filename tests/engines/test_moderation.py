"""Moderation from the dialog of a person."""

import pytest

from tests.support.server import ADMIN_PASSWORD


async def test_muted_member_cannot_write(enter, guest):
    ann, bob = await enter("Ann"), await guest("Bob")
    await ann.become_admin(ADMIN_PASSWORD)
    await ann.moderate("Bob", "Mute", reason="caps")
    await ann.sees_line("Bob was muted")
    assert not await bob.say("HELLO")


@pytest.mark.parametrize(("action", "done"), [("Kick", "kicked"), ("Ban", "banned")])
async def test_member_is_sent_away(enter, guest, action, done):
    ann, bob = await enter("Ann"), await guest("Bob")
    await ann.become_admin(ADMIN_PASSWORD)
    await ann.moderate("Bob", action)
    await ann.sees_line(f"Bob was {done}")
    await ann.sees_people("Ann")
    await bob.is_disconnected()
