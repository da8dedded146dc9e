"""The attacks, and the chats that they are tried on."""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain, cycle, islice
from pathlib import Path

from tests.programs.hostile import (
    clocks,
    connections,
    downloads,
    events,
    files,
    frames,
    links,
    logs,
    pictures,
    preferences,
    pushes,
    readers,
    requests,
    rooms,
    searches,
    static_files,
    uploads,
)
from tests.programs.hostile.attacker import Attacker
from tests.support.stored_history import write_history
from tests.support.stored_rooms import write_many_rooms

Attack = Callable[[Attacker], Awaitable[Counter[str]]]

FILES = 1024  # a usual limit of file descriptors
CALM = 120.0  # seconds


@dataclass(frozen=True)
class Stage:
    """A chat, and what it is attacked with; after `calm` seconds, its memory is measured again."""

    name: str
    attacks: tuple[Attack, ...]
    history: tuple[str, ...] = ()
    rooms: int = 0
    environment: dict[str, str] = field(default_factory=dict)
    main: str = "main.py"
    calm: float = 0

    def prepare(self, data_dir: Path) -> None:
        """Write the history and the rooms into the folder of a chat that starts later."""
        if self.history:
            write_history(data_dir / "chat_log.json", self.history)
        if self.rooms:
            write_many_rooms(data_dir, self.rooms, rooms.MESSAGES)


def _texts(count: int, length: int, words: str) -> Iterator[str]:
    """Return texts of so many characters, each different."""
    letters = chain.from_iterable(f"{word} {number} " for number, word in enumerate(cycle(words.split())))
    for _ in range(count):
        yield "".join(islice(letters, length))


_OF_HISTORY: tuple[Attack, ...] = (
    searches.searches_of_one_guest,
    searches.searches_of_twenty_guests,
    downloads.downloads_of_one_guest,
    downloads.downloads_of_twenty_guests,
    preferences.long_messages_in_18_languages,
)
FOREIGN = "Straße ÉCOLE naïve ﬁn İstanbul ẞ Ǆ ñandú **größer** :tada: Ωμέγα привет עברית こんにちは ８９ `çà`"
PLAIN = "Sixty characters are **what** people write in a _chat_ on average :tada: see https://example.org/a"

STAGES = (
    Stage(
        "a small chat",
        (
            frames.wrong_types_and_missing_keys,
            frames.unknown_elements_and_listeners,
            frames.deep_json,
            frames.empty_binary_and_oversized_frames,
            frames.lone_surrogates_and_invalid_utf8,
            frames.attachments_never_sent,
            events.ten_thousand_events_a_second,
            events.odd_arguments_to_every_control,
            events.controls_that_are_not_shown,
            events.replayed_client_ids,
            requests.foreign_origins,
            requests.forged_log_lines,
            logs.forged_session_ids,
            logs.sso_errors,
            requests.two_thousand_404s,
            requests.pages_without_sockets,
            requests.long_queries_and_polling,
            readers.slow_readers,
            readers.pings_without_reading,
            logs.sockets_that_come_and_go,
            connections.half_open_sockets,
            connections.trickled_heads_and_bodies,
            connections.slow_readers_of_files,
            connections.idle_connections_of_one_address,
            connections.idle_connections_of_five_addresses,
            static_files.other_spellings_of_files,
            static_files.conditions_and_ranges,
            static_files.clients_that_close_early,
            preferences.preferences_flipped_by_150_tabs,
            preferences.long_messages_in_18_languages,
            preferences.reports_of_four_guests,
        ),
        environment={"CHAT_SSO_URL": "http://127.0.0.1:9"},
        calm=CALM,
    ),
    Stage(
        "100 messages of 4,000 characters",
        _OF_HISTORY,
        history=tuple(_texts(100, 4_000, FOREIGN)),
        environment={"CHAT_HISTORY_LIMIT": "10000"},
    ),
    Stage(
        "10,000 messages of 1,000 characters",
        _OF_HISTORY,
        history=tuple(_texts(10_000, 1_000, PLAIN)),
        environment={"CHAT_HISTORY_LIMIT": "10000"},
    ),
    Stage(
        "pictures and files",
        (
            uploads.hostile_uploads,
            uploads.uploads_of_twenty_people,
            pictures.pictures_of_twenty_people,
            pictures.voice_notes_of_twenty_people,
        ),
        calm=CALM,
    ),
    Stage(
        "web sites and push services of an attacker",
        (links.links_of_twenty_guests, pushes.push_services_of_twenty_guests),
        environment={"CHAT_PREVIEWS": "on"},
        main="tests/programs/hostile/own_web.py",
        calm=CALM,
    ),
    Stage(
        f"{rooms.ROOMS} rooms of {rooms.MESSAGES} messages",
        (rooms.rooms_switched_by_one_guest, rooms.rooms_switched_by_twenty_guests),
        rooms=rooms.ROOMS,
    ),
    Stage("files that another program changes", (files.broken_and_tampered_files,)),
    Stage(
        "a clock that is set",
        (clocks.clock_set_an_hour_back_and_forth,),
        main="tests/programs/hostile/movable_clock.py",
    ),
)
