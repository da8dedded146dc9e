"""Pictures."""

import base64

from tests.support.hostile_pictures import drawn, encoded
from tests.support.sights import HAND_OVER

IS_SHOWN = "(selector) => !!document.querySelector(selector)?.naturalWidth"
IS_OPEN = "() => document.querySelector('#picture').open"


async def test_picture_is_chosen_sent_and_looked_at(enter):
    ann = await enter("Ann")
    content = base64.b64encode(encoded(drawn(), "PNG")).decode()
    await ann.ask(HAND_OVER, "choose", "cup.png", "image/png", content)
    await ann.eventually("ready", "() => document.querySelector('#attachments > li')?.dataset.state")
    await ann.keys("Enter")
    await ann.eventually(True, IS_SHOWN, ".picture > img")
    await ann.ask("() => document.querySelector('.picture').click()")
    await ann.eventually(True, IS_SHOWN, "#picture > img")
    await ann.keys("Escape")
    await ann.eventually(False, IS_OPEN)
