"""The views of the room: one for each language of an open page, with markup rendered once for all."""

from functools import partial
from uuid import uuid4

import pytest

from chat.config.branding import Brand
from chat.domain.accounts.account import Account
from chat.domain.accounts.events import AccountCreated, AvatarChanged
from chat.domain.messages.events import ReactionAdded
from chat.domain.rooms.directory.room_info import LOBBY
from chat.framework import live_region
from chat.framework.live_region import Node
from chat.state import clock
from chat.state.chat import Chat
from chat.storage.memory import memory_stores
from chat.text.nicknames import parse_nickname
from chat.ui.components.messages.item_renderer import ItemRenderer
from chat.ui.components.messages.message_nodes import CHUNK
from chat.ui.html.messages import message
from chat.ui.views import shared_views
from chat.ui.views.chat_view import ChatView
from chat.ui.views.room_view import RoomKey, RoomView, RoomViews
from tests.support.scene_page import until
from tests.unit.state.support import ANN, BOB, build_chat, tab


@pytest.fixture
async def chat() -> Chat:
    return build_chat(memory_stores(100), ANN, BOB)


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that were rendered."""
    texts: list[str] = []
    to_html = message.to_html

    def record(text: str, *args: object) -> str:
        texts.append(text)
        return to_html(text, *args)

    monkeypatch.setattr(message, "to_html", record)
    return texts


def view_of(chat: Chat, language: str) -> RoomView:
    return RoomView(chat, Brand("Chat"), RoomKey(chat.lobby, language))


async def test_view_lasts_as_long_as_the_pages_of_its_language(chat: Chat, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(shared_views, "LINGER", 0)
    views = RoomViews(partial(RoomView, chat, Brand("Chat")))
    keys = [RoomKey(chat.lobby, language) for language in ("de", "de", "fr")]
    german, again, french = map(views.open, keys)
    assert german is again
    assert len(views) == 2
    views.close(keys[0])
    assert len(views) == 2
    views.close(keys[1])
    await until(lambda: len(views) == 1)
    await chat.messages.post("ann", LOBBY, "Hello", "message01")
    assert "Hello" in french.region.text("log")
    assert "Hello" not in german.region.text("log")
    new = views.open(keys[0])
    assert new is not german
    assert "Hello" in new.region.text("log")


async def test_markup_is_rendered_once_for_all_languages(chat: Chat, rendered: list[str]):
    opened = [view_of(chat, code) for code in ("en", "de", "ar", "ja")]
    texts = [f"**bold** {uuid4()}", f"@Bob {uuid4()}", f"/me waves {uuid4()}"]
    for number, text in enumerate(texts):
        await chat.messages.post("ann", LOBBY, text, f"message0{number}")
    for view in opened:
        assert all(text.split()[-1] in view.region.text("log") for text in texts)
    assert len(rendered) == len(texts)


async def test_renamed_member_is_mentioned_by_the_new_name_in_all_languages(chat: Chat, rendered: list[str]):
    opened = [view_of(chat, code) for code in ("en", "de")]
    await chat.messages.post("ann", LOBBY, "@Bob, tea?", "message01")
    await chat.members.rename("bob", "Robert")
    for view in opened:
        assert "@Robert" in view.region.text("log")


async def test_picture_of_a_person_is_in_all_their_messages_and_rows_until_they_leave(chat: Chat):
    chat.people.shows_pictures = True
    view, around = view_of(chat, "en"), ChatView(chat, "en")
    for number in range(3):
        await chat.messages.post("ann", LOBBY, "Tea", f"message0{number}")
    await chat.messages.post("bob", LOBBY, "Cake", "message03")
    before = len(str(view.region.snapshot()))
    chat.pipeline.apply_and_publish(AvatarChanged(ANN.ref, ANN.ref, clock.now(), "a" * 64))
    shown = str(view.region.snapshot())
    assert shown.count('<img src=avatars/ann/aaaaaaaaaaaa alt="" loading=lazy>') == 3
    assert len(shown) - before < 3 * 60
    assert str(around.region.snapshot()["p-ann"]).count("avatars/ann/") == 1
    chat.members.leave("ann")
    await until(lambda: "avatars/" not in str(view.region.snapshot()) + str(around.region.snapshot()))


async def test_labels_within_the_markup_are_in_each_language(chat: Chat, rendered: list[str]):
    english, arabic = (view_of(chat, code) for code in ("en", "ar"))
    text = f"||{uuid4()}||\n```\nx\n```"
    await chat.messages.post("ann", LOBBY, text, "message01")
    for view, spoiler, copy in (english, "Spoiler", "Copy code"), (arabic, "محتوى مخفي", "نسخ الكود"):
        html = str(view.region.snapshot())
        assert f'aria-label="{spoiler}"' in html
        assert copy in html
    assert len(rendered) == 1


async def test_reactions_of_many_members_stay_small(chat: Chat):
    view = view_of(chat, "en")
    await chat.messages.post("ann", LOBBY, "Cake?", "message01")
    for number in range(600):
        chat.pipeline.apply_and_publish(ReactionAdded("lobby", "message01", "👍", uuid4().hex[:12], f"Member {number}"))
    html = str(view.region.snapshot()["m1"])
    assert html.count("data-by") == 1
    assert len(html) < 6000


async def test_leaving_member_changes_one_row_of_a_long_list_of_absent_ones(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
):
    for number in range(300):
        account = Account(f"account{number}", parse_nickname(f"Person {number}"), "", clock.now(), 1)
        chat.people.accounts.apply(AccountCreated(account))
    view = ChatView(chat, "en")
    assert view.region.text("away").startswith("Away 300 Person 0 you Person 1 ")
    assert view.region.text("away").endswith("100 others")
    frames = list[str]()
    monkeypatch.setattr(live_region, "broadcast", lambda kind, frame, room: frames.append(str(frame)))
    chat.people.accounts.apply(AccountCreated(Account("bob", parse_nickname("Bob"), "", clock.now(), 1)))
    chat.members.leave("bob")
    view._show_due()
    assert view.region.text("away").startswith("Away 301 Bob you Person 0 ")
    [frame] = [frame for frame in frames if "away-list" in frame]
    assert frame.count("<button") == 1
    assert len(frame) < 6000


@pytest.mark.parametrize("limit", [5, 40, 120], ids="keeps {} messages".format)
async def test_view_that_was_kept_up_to_date_is_like_a_new_one(chat: Chat, limit: int):
    chat = build_chat(memory_stores(limit), ANN, BOB)
    view = view_of(chat, "en")
    for number in range(150):
        reply_to = f"message{number - 3:03}" if number % 7 == 6 else None
        await chat.messages.post(
            "ann" if number % 4 else "bob", LOBBY, f"Text {number}", f"message{number:03}", reply_to
        )
        if number % 50 == 30:
            await chat.messages.react("bob", LOBBY, f"message{number - 2:03}", "👍")
            assert view.region.snapshot() == view_of(chat, "en").region.snapshot()
            await chat.messages.edit(
                "bob" if number % 4 == 2 else "ann", LOBBY, f"message{number - 2:03}", f"Other text {number}"
            )
            assert view.region.snapshot() == view_of(chat, "en").region.snapshot()
            chat.members.leave("bob")
            chat.members.connect(BOB, tab(BOB))  # which is shown with the next message
        elif number % 5 == 1:
            assert view.region.snapshot() == view_of(chat, "en").region.snapshot()


async def test_post_renders_the_new_message_only(chat: Chat, monkeypatch: pytest.MonkeyPatch):
    view = view_of(chat, "en")
    for number in range(90):
        await chat.messages.post("ann", LOBBY, f"Text {number}", f"message{number:03}")
    gone_through = list[int]()
    render = ItemRenderer.render

    def record(self: ItemRenderer, number: int, *args: object) -> Node:
        gone_through.append(number)
        return render(self, number, *args)

    monkeypatch.setattr(ItemRenderer, "render", record)
    await chat.messages.post("ann", LOBBY, "The last one", "message090")
    assert len(gone_through) == 1
    assert "The last one" in view.region.text("log")


async def test_change_of_a_message_goes_through_its_neighbours_and_its_replies_only(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
):
    view = view_of(chat, "en")
    for number in range(90):
        reply_to = "message010" if number == 60 else None
        await chat.messages.post("ann", LOBBY, f"Text {number}", f"message{number:03}", reply_to)
    gone_through = set[int]()
    render = ItemRenderer.render

    def record(self: ItemRenderer, number: int, *args: object) -> Node:
        gone_through.add(number // CHUNK)
        return render(self, number, *args)

    monkeypatch.setattr(ItemRenderer, "render", record)
    await chat.messages.react("bob", LOBBY, "message010", "👍")
    assert len(gone_through) == 2  # the reply's, too, as it quotes it
    await chat.messages.edit("ann", LOBBY, "message010", "Other text")
    assert len(gone_through) == 2
    await chat.messages.react("bob", LOBBY, "message080", "👍")
    assert len(gone_through) == 3
    assert view.region.snapshot() == view_of(chat, "en").region.snapshot()
