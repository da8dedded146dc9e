"""A member with pages in two processes: one that they see keeps the others of both silent."""

from pathlib import Path

import pytest

from chat.state.visibility_relay import VisibilityRelay
from chat.ui.notifications import Notifications
from tests.support.engine import HAS_ENGINE
from tests.support.processes import eventually, processes
from tests.unit.ui.test_notifications import MO, FakeNotifier

pytestmark = pytest.mark.skipif(not HAS_ENGINE, reason="there is no engine for this system")


async def test_page_that_is_seen_is_known_everywhere_until_it_is_hidden_or_its_process_ends(tmp_path: Path):
    async with processes(tmp_path, 1) as (here,):
        notifications = Notifications(here.chat, VisibilityRelay(here.backend.peers))
        async with processes(tmp_path, 1) as (there,):
            page = FakeNotifier(MO, is_page_visible=True)
            others = Notifications(there.chat, VisibilityRelay(there.backend.peers))
            others.add(page)
            await eventually(lambda: notifications.sees_page(MO.id))
            page.is_page_visible = False
            others.note_visibility(MO.id)
            await eventually(lambda: not notifications.sees_page(MO.id))
            page.is_page_visible = True
            others.note_visibility(MO.id)
            await eventually(lambda: notifications.sees_page(MO.id))
            others.remove(page)
            await eventually(lambda: not notifications.sees_page(MO.id))
            others.add(page)
            await eventually(lambda: notifications.sees_page(MO.id))
        await eventually(lambda: not notifications.sees_page(MO.id))
