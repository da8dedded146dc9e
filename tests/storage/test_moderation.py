"""`moderation.json` keeps everything in force and is readable by its owner only."""

import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chat.domain.errors import HistoryUnwritable, StartupError
from chat.domain.moderation.events import (
    Banned,
    MessageReported,
    ModerationEvent,
    Muted,
    RoomLocked,
    SlowModeChanged,
    WordFilterChanged,
)
from chat.domain.moderation.reports import Report, Reporter
from chat.domain.moderation.state import Moderation
from chat.domain.users import UserRef
from chat.storage.json_files.moderation import moderation_store
from tests.storage.version_2 import FIXTURES

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
ANN, BOB = UserRef("ann", "Ann"), UserRef("bob", "Bob")
IDENTIFIERS = frozenset({"member:bob", "session:s", "address:192.0.2.1"})
EVENTS: list[ModerationEvent] = [
    Muted("lobby", ANN, BOB, NOON, NOON + timedelta(minutes=5), IDENTIFIERS, "loud"),
    Banned("lobby", ANN, BOB, NOON, None, IDENTIFIERS, "spam"),
    SlowModeChanged("lobby", ANN, NOON, 30),
    RoomLocked("lobby", ANN, NOON),
    WordFilterChanged("lobby", ANN, NOON, frozenset({"darn"}), frozenset()),
    MessageReported("lobby", ANN, BOB, NOON, "message00001", "spam"),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "moderation.json"


async def store_events(path: Path, *events: ModerationEvent) -> Moderation:
    """Append these events one by one to a new store. Return the resulting state."""
    store, state = moderation_store(path), Moderation()
    store.load()
    for event in events:
        await store.append([event])
        state.apply(event)
    return state


def load(path: Path) -> Moderation:
    return moderation_store(path).load()


def restrictions(state: Moderation) -> dict[str, tuple[object, ...]]:
    return {
        room_id: (found.slow_mode.seconds, found.slow_mode.actor, found.locked, found.locked_by)
        for room_id, found in state.restricted_rooms()
    }


def quarantined(path: Path) -> list[Path]:
    return list(path.parent.glob("moderation.json.corrupt-*"))


async def test_everything_in_force_survives(path: Path):
    state, found = await store_events(path, *EVENTS), load(path)
    assert list(found.mutes) == list(state.mutes)
    assert list(found.bans) == list(state.bans)
    assert found.blocked_words == {"darn"}
    assert restrictions(found) == restrictions(state) == {"lobby": (30, ANN, True, ANN)}
    assert list(found.reports) == list(state.reports)


async def test_rooms_are_restricted_independently(path: Path):
    tea, cake = RoomLocked("tea", ANN, NOON), SlowModeChanged("cake", BOB, NOON, 10)
    await store_events(path, tea, cake, SlowModeChanged("milk", BOB, NOON, 20), SlowModeChanged("milk", BOB, NOON, 0))
    assert restrictions(load(path)) == {"tea": (0, None, True, ANN), "cake": (10, BOB, False, None)}


async def test_file_is_readable_json_with_a_version(path: Path):
    await store_events(path, EVENTS[0])
    content = json.loads(path.read_bytes())
    assert content["version"] == 7
    [mute] = content["mutes"]
    assert mute.pop("identifiers")
    assert mute == {
        "target": {"id": "bob", "name": "Bob"},
        "actor": {"id": "ann", "name": "Ann"},
        "at": "2026-05-01T12:00:00Z",
        "until": "2026-05-01T12:05:00Z",
        "reason": "loud",
    }
    assert path.read_text().startswith('{\n  "version": 7')


async def test_expired_sanctions_are_dropped_with_the_next_write(path: Path):
    await store_events(path, EVENTS[0], RoomLocked("lobby", ANN, NOON + timedelta(minutes=5)))
    assert list(load(path).mutes) == []


async def test_file_and_backups_are_readable_by_their_owner_only(path: Path):
    await store_events(path, *EVENTS)
    load(path)
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert modes == dict.fromkeys((path.name, f"{path.name}.backup-1", f"{path.name}.backup-2"), 0o600)


async def test_failed_write_leaves_the_state_unchanged(path: Path):
    await store_events(path, EVENTS[0])
    store = moderation_store(path)
    store.load()
    path.with_name("moderation.json.tmp").mkdir()
    with pytest.raises(HistoryUnwritable):
        await store.append(EVENTS[1:])
    path.with_name("moderation.json.tmp").rmdir()
    assert list(load(path).bans) == []
    assert list(load(path).mutes)
    await store.append(EVENTS[1:2])
    assert list(load(path).bans)


async def test_broken_file_is_quarantined_and_the_backup_with_the_last_ban_is_used(path: Path):
    await store_events(path, *EVENTS[:2])
    path.write_text("{")
    found = load(path)
    assert list(found.bans)
    [broken] = quarantined(path)
    assert broken.read_text() == "{"


PERSON = '{"id": "bob", "name": "Bob"}'
REPORT = f'{{"message_id": "m", "author": {PERSON}, "actor": {PERSON}, "at": "2026-05-01"}}'
REPORTED = f'{{"version": 3, "reports": [{REPORT}]}}'
BROKEN = {
    "a list": "[]",
    "a sanction without a time": '{"version": 2, "bans": [{"target": {"id": "b", "name": "B"}}]}',
    "a sanction in a list": '{"version": 1, "bans": [["bob"]]}',
    "bans in an object": '{"version": 1, "bans": 7}',
    "an endless slow mode": '{"version": 3, "slow_mode_seconds": 1000000000000000000}',
    "a report in the first year": REPORTED.replace("2026", "0001"),
    "the bans twice": '{"version": 3, "bans": [], "bans": []}',
    "something else": '{"version": 2, "people": []}',
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_broken_file_stops_the_start_and_is_left_untouched(path: Path, content: str):
    path.write_text(content)
    with pytest.raises(StartupError, match="is broken"):
        load(path)
    assert [(file.name, file.read_text()) for file in path.parent.iterdir()] == [(path.name, content)]


def test_member_who_is_banned_twice_is_refused_instead_of_keeping_the_shorter_ban(path: Path):
    person, at = {"id": "bob", "name": "Bob"}, "2026-05-01T12:00:00Z"
    ban = {"target": person, "actor": person, "at": at, "until": None, "identifiers": ["member:bob"]}
    path.write_text(json.dumps({"version": 3, "bans": [ban]}))
    assert list(load(path).bans)
    path.with_name(f"{path.name}.backup-1").unlink()
    path.with_name(f"{path.name}.backup-2").unlink()
    path.write_text(json.dumps({"version": 3, "bans": [ban, ban | {"until": "2026-05-01T12:00:01Z"}]}))
    with pytest.raises(StartupError, match="a member is sanctioned twice"):
        load(path)


def test_newer_version_is_rejected(path: Path):
    path.write_text('{"version": 99}')
    with pytest.raises(StartupError, match="version 99 is newer"):
        load(path)


def test_ban_written_by_hand_may_omit_the_zone(path: Path):
    ban = {
        "target": {"id": "bob", "name": "Bob"},
        "actor": {"id": "", "name": ""},
        "at": "2026-05-01T12:00:00",
        "until": "2026-05-02T12:00:00",
        "identifiers": ["member:bob"],
    }
    path.write_text(json.dumps({"version": 2, "bans": [ban]}))
    assert load(path).bans.find({"member:bob"}, NOON)


async def test_file_of_version_2_is_read(path: Path):
    """The fixture was written by the program at commit 745244c, from these events."""
    state = await store_events(path.with_name("new.json"), *EVENTS)
    path.write_bytes((FIXTURES / "moderation_v2.json").read_bytes())
    found = load(path)
    assert (list(found.mutes), list(found.bans)) == (list(state.mutes), list(state.bans))
    assert found.blocked_words == {"darn"}
    assert restrictions(found) == {"lobby": (30, None, True, None)}
    assert list(found.reports) == list(state.reports)


async def test_restrictions_of_version_3_are_those_of_the_lobby(path: Path):
    """The fixture was written by the program at commit ebb97b5, from these events."""
    state = await store_events(path.with_name("new.json"), *EVENTS)
    path.write_bytes((FIXTURES / "moderation_v3.json").read_bytes())
    found = load(path)
    assert (list(found.mutes), list(found.bans)) == (list(state.mutes), list(state.bans))
    assert restrictions(found) == restrictions(state)


def test_file_of_version_6_is_read_and_counts_its_events_from_now_on(path: Path):
    """The fixture was written by the program at commit 7513331, which had no journal."""
    path.write_bytes((FIXTURES / "moderation_v6.json").read_bytes())
    found, cid, dan, mo = load(path), UserRef("cid", "Cid"), UserRef("dan", "Dan"), UserRef("mo", "Mo")

    def by(user: UserRef, seconds: int, reason: str = "", *known: str) -> Reporter:
        return Reporter(user, NOON + timedelta(seconds=seconds), reason, frozenset(known))

    assert ([mute.target for mute in found.mutes], [ban.target for ban in found.bans]) == ([dan], [dan])
    assert restrictions(found) == {"lobby": (30, mo, False, None), "tea": (0, None, True, mo)}
    assert (found.blocked_words, found.last) == ({"darn"}, 0)
    both = by(ANN, 10, "spam", "member:ann", "session:a"), by(cid, 12, "", "member:cid")
    assert list(found.reports) == [
        Report("lobby", "message00001", BOB, both, "Cheap tea"),
        Report("tea", "message00002", BOB, (by(cid, 11, "", "member:cid"),), "Hm!"),
        Report("lobby", "message00003", dan, (by(ANN, 13, "rude"),), "", mo, NOON + timedelta(seconds=14)),
    ]


def test_reports_of_version_4_are_joined_by_message(path: Path):
    """The fixture was written by the program at commit 61ee8ec, where each reporter had a report of their own."""
    path.write_bytes((FIXTURES / "moderation_v4.json").read_bytes())
    found, cid, dan, mo = load(path), UserRef("cid", "Cid"), UserRef("dan", "Dan"), UserRef("mo", "Mo")

    def at(seconds: int) -> datetime:
        return NOON + timedelta(seconds=seconds)

    lobby = found.restrictions("lobby")
    assert ([ban.target for ban in found.bans], lobby.slow_mode.seconds, lobby.locked_by) == ([dan], 30, mo)
    assert list(found.reports) == [
        Report("lobby", "message00002", dan, (Reporter(ANN, at(12), "rude"),), "", mo, at(13)),
        Report("lobby", "message00001", BOB, (Reporter(ANN, at(10), "spam"), Reporter(cid, at(11))), "Cheap tea"),
        Report("lobby", "message00003", BOB, (Reporter(ANN, at(14), "first"), Reporter(cid, at(16), "again")), "Hm!"),
    ]
