"""Previews of links in the history: there as long as their message has their link, with the file of their picture."""

from collections.abc import Callable

import pytest

from chat.domain.messages.attachment import Attachment
from chat.domain.messages.events import FilesRemoved, MessageEvent
from chat.domain.messages.link_preview import LinkPreview
from tests.unit.domain.messages.samples import (
    ROOM,
    after,
    anonymized,
    cleared,
    deleted,
    edited,
    get,
    history_of,
    message_id,
    posted,
    preview_added,
    preview_removed,
    purged,
)

TEA, CAKE = "https://site.example/tea", "https://site.example/cake"
CONTENT = "0af1" * 16
PICTURE = Attachment(CONTENT, "picture.jpg", "image/jpeg", 3, 40, 30)
WITH_PREVIEW = (posted(0, link=TEA), preview_added(0, TEA, PICTURE))


def test_preview_is_that_of_the_link():
    history = history_of(*WITH_PREVIEW)
    assert get(history, 0).preview == LinkPreview(TEA, picture=PICTURE)
    assert history.contents == {CONTENT}


@pytest.mark.parametrize(
    "before", [posted(1), posted(0), posted(0, link=CAKE)], ids=["gone", "without a link", "another link"]
)
def test_preview_of_no_link_of_the_message_changes_nothing(before: MessageEvent):
    history = history_of(before)
    assert history.apply(preview_added(0, TEA, PICTURE)) is None
    assert history.contents == set()


def test_second_preview_changes_nothing():
    history = history_of(*WITH_PREVIEW)
    assert history.apply(preview_added(0, TEA)) is None


def test_edit_keeps_the_preview_of_the_same_link():
    history = history_of(*WITH_PREVIEW)
    assert history.apply(edited(0, "New", link=TEA)) == {message_id(0)}
    assert get(history, 0).preview
    history.apply(edited(0, "Newer", at=61, link=CAKE))
    assert (get(history, 0).link, get(history, 0).preview, history.contents) == (CAKE, None, set())


ENDS: dict[str, Callable[[], MessageEvent]] = {
    "removed": lambda: preview_removed(0),
    "deleted": lambda: deleted(0),
    "purged": lambda: purged(0),
    "cleared": cleared,
    "files removed": lambda: FilesRemoved(ROOM, (message_id(0),), after(60)),
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_picture_goes_with(end: Callable[[], MessageEvent]):
    history = history_of(*WITH_PREVIEW)
    assert history.apply(end()) == {message_id(0)}
    assert history.contents == set()
    assert history.apply(end()) is None


def test_preview_is_evicted_with_its_message():
    assert history_of(*WITH_PREVIEW, posted(1), limit=1).contents == set()


def test_without_its_picture_a_preview_stays():
    history = history_of(*WITH_PREVIEW, FilesRemoved(ROOM, (message_id(0),), after(60)))
    assert get(history, 0).preview == LinkPreview(TEA)


def test_preview_stays_without_the_name_of_its_author():
    history = history_of(*WITH_PREVIEW, anonymized())
    assert get(history, 0).preview == LinkPreview(TEA, picture=PICTURE)
    assert history.contents == {CONTENT}
