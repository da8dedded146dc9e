"""Dialogs whose action takes long."""

import asyncio

from chat.framework.elements import HtmlElement
from chat.state.members import MemberService
from tests.support.scene_page import until


async def test_action_that_ends_late_leaves_the_next_dialog_open(ann, monkeypatch):
    called, rename, may_end = [], MemberService.rename, asyncio.Event()

    async def rename_late(*arguments: object) -> None:
        await may_end.wait()
        await rename(*arguments)

    monkeypatch.setattr(MemberService, "rename", rename_late)
    monkeypatch.setattr(HtmlElement, "run_method", lambda _, name, *given: called.append(name))
    await ann.choose("Change name")
    ann.submit_dialog("Anna", {"held": 1})
    ann.invoke(["--search", "", "", {"held": 2}])
    await until(lambda: 2 in ann.user.released)
    assert ann.is_search_open
    assert 1 not in ann.user.released
    may_end.set()
    await until(lambda: 1 in ann.user.released)
    await ann.sees_people("Anna")
    assert "close" not in called
    await ann.choose("Change name")
    ann.submit_dialog("Ann", {"held": 3})
    await until(lambda: 3 in ann.user.released)
    assert called[-1] == "close"
