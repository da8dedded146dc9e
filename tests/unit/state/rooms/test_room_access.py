"""A room that one may not see is answered for like one that doesn't exist, by every method.

The methods are found by introspection. A new one fails `test_every_method_is_known` until its arguments or itself are
in a table here.
"""

import importlib
import inspect
import pkgutil
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, replace
from itertools import product
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from chat import state
from chat.domain.errors import ChatError
from chat.domain.events import Event
from chat.domain.people.events import ViewingChanged
from chat.domain.rooms.directory.room_info import LOBBY
from chat.domain.rooms.moderation.moderation_actions import ChangeTopic, LockRoom, MuteMember, SetSlowMode
from chat.domain.users import Member, Role
from chat.state.chat import Chat
from chat.storage.files_folder import FilesFolder
from chat.storage.json_files.audit_log import JsonAuditLog
from chat.storage.memory import memory_stores
from chat.storage.stores import Stores
from chat.text.nicknames import parse_nickname
from tests.unit.state.support import BOB, MODERATOR, OWNER, audit_lines, build_chat, record, unload

ADMIN = Member("adam", parse_nickname("Adam"), Role.ADMIN)
MEMBER = Member("mia", parse_nickname("Mia"), Role.MEMBER)
IDA, JON = Member("ida", parse_nickname("Ida")), Member("jon", parse_nickname("Jon"))
OUTSIDERS = {"stranger": "eve", "guest": "bob", "member": "mia", "moderator": "mod", "admin": "adam", "owner": "owner"}
SECRET, HELLO, NO_MESSAGE = "secret000001", "hello0000001", "nothing00001"  # ids of messages
NOWHERE = "nowhere"  # the id of no room


class Chunks:
    """A file that is sent, again and again."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"Hello"


ARGUMENTS: Mapping[str, tuple[object, ...]] = {
    "alt": ("A cup",),
    "chunks": (Chunks(),),
    "connection_id": ("bob's tab",),
    "description": ("Mine",),
    "emoji": ("🎉",),
    "is_typing": (True, False),
    "is_viewing": (True,),
    "limit": (10,),
    "listener": (id,),
    "message_id": (SECRET, NO_MESSAGE),
    "name": ("Mine",),
    "position": (0,),
    "present": (repr,),
    "query": ("secret",),
    "reason": ("spam",),
    "target_id": ("bob", "ida", "nobody"),
    "text": ("Hello", "/topic Mine", "/search secret", "/purge @Ida", "/unknown"),
}
"""What methods that take a room are called with, by parameter."""

VALUES: Mapping[str, object] = {
    "message_id": SECRET,
    "role": "guest",
    "seconds": 5,
    "target_id": "ida",
    "topic": "Mine",
}
"""The fields of actions without a default."""

ACROSS_ROOMS = {
    "calls.mentions": "of the member",
    "moderation.audit_log": "what moderators did anywhere",
    "moderation.recent_audit_entries": "what moderators did anywhere",
    "moderation.reported_messages": "messages that somebody reported anywhere",
    "search.run": "messages anywhere",
    "unread.mentions": "of the member",
    "unread.of": "all that is unread",
}
ABOUT_NO_ROOM = {
    "calls.close": "of the program",
    "avatars.choose": "of the member",
    "avatars.find": "of anyone",
    "avatars.follow": "by the chat itself",
    "avatars.kept": "of the member",
    "avatars.remove": "of the member",
    "avatars.remove_unused": "of the program",
    "avatars.start": "of the program",
    "uploads.close": "of the program",
    "files.attach": "in a room that was entered",
    "files.attach_picture": "in a room that was entered",
    "files.find": "in a room that was entered",
    "file_cleanup.hold": "in a room that was entered",
    "file_cleanup.make_room": "of the program",
    "file_cleanup.follow": "by the chat itself",
    "file_cleanup.remove_all_of": "a deleted account, everywhere",
    "file_cleanup.start": "of the program",
    "file_cleanup.tidy": "of the program",
    "calls.start": "of the program",
    "close": "of the program",
    "direct_rooms.carry_out": "to people",
    "direct_rooms.open": "to people",
    "direct_rooms.post": "to people",
    "room_access.count_switch": "any room",
    "room_access.keep_loaded": "a room that was entered",
    "room_access.loaded": "a room that was entered",
    "members.anonymize": "a deleted account, everywhere",
    "members.check_can_join": "the chat",
    "members.check_name": "the chat",
    "members.claim_name": "the chat",
    "members.remove_after": "by the chat itself",
    "members.connect": "the chat",
    "members.count_join": "the chat",
    "members.disconnect": "the chat",
    "members.leave": "the chat",
    "members.note_left": "by the chat itself",
    "members.rename": "the chat",
    "moderation.resolve_deleted": "in a room that was entered",
    "push_devices.concerned_by": "a message that was posted, to those who may see it",
    "push_devices.count": "any",
    "push_devices.follow": "the member's own",
    "push_devices.forget": "the member's own",
    "push_devices.forget_member": "a deleted account",
    "push_devices.get": "the member's own",
    "push_devices.of": "the member's own",
    "push_devices.of_member": "the member's own",
    "push_devices.reaches": "of the member",
    "push_devices.remove": "the member's own",
    "push_devices.save": "the member's own",
    "room_commands.applicable": "in the shown room",
    "room_commands.perform": "in a room that was entered",
    "room_links.follow": "of a link, whose secret the member knows",
    "rooms.create": "a new room",
    "reporting_refusals": "of parts",
    "search.close": "of the program",
    "search.forget": "by the chat itself",
    "signal": "of parts",
    "start": "of the program",
    "subscribe": "of parts, which ask who may see a room",
    "unread.check": "for all members",
    "unread.check_member": "all that is unread",
    "unread.follow": "all that is unread",
    "unread.mark_all_read": "all that is unread",
    "unread.mark_unread": "a message that was found in a room",
    "unread.on_broadcast": "by the chat itself",
    "unread.on_process_lost": "by the chat itself",
    "unread.on_published": "by the chat itself",
    "uploads.discard": "the member's own",
    "uploads.drop": "uploads that were found",
    "uploads.drop_expired": "of the program",
    "uploads.find": "the member's own",
    "uploads.take_picture": "of parts",
}
TABLES = (ACROSS_ROOMS, ABOUT_NO_ROOM)
PARTS = {"departures", "directory", "lobby", "people", "pipeline", "storage_health"}
"""The parts of a chat that its services use."""


def new_chat(stores: Stores) -> Chat:
    return build_chat(stores, BOB, MEMBER, MODERATOR, ADMIN, OWNER, IDA, JON, message_rate="100000 per minute")


def find_methods(chat: Chat) -> dict[str, Callable[..., Any]]:
    """Return the public methods of the chat and its services, by name."""
    services = {f"{name}.": part for name, part in vars(chat).items() if name[0] != "_" and name not in PARTS}
    return {
        prefix + name: method
        for prefix, service in {"": chat, **services}.items()
        for name, method in inspect.getmembers(service, inspect.ismethod)
        if name[0] != "_"
    }


METHODS = find_methods(new_chat(memory_stores()))
WITH_A_ROOM = sorted(
    name
    for name, method in METHODS.items()
    if "room_id" in inspect.signature(method).parameters and name not in ABOUT_NO_ROOM
)


@dataclass
class World:
    """A chat with rooms that only Ida and Jon may see, and others that all may see; all of them are unloaded.

    `read` has the ids of rooms read from their stores, `published` the events since.
    """

    chat: Chat
    hidden: list[str]
    open: list[str]
    read: list[str]
    published: list[Event]

    async def outcome(self, name: str, arguments: Mapping[str, object]) -> object:
        """Call a method; return what it returns or refuses."""
        try:
            result = find_methods(self.chat)[name](**arguments)
            if hasattr(result, "__aenter__"):
                async with result:
                    return "entered"
            result = await result if inspect.isawaitable(result) else result
            return "function" if inspect.isfunction(result) else result
        except ChatError as problem:
            return type(problem), problem.key, problem.details


class NothingRead:
    """The marks of a member who has read nothing so far."""

    is_empty = False

    def get(self, _room_id: str) -> int:
        return 0

    def forget(self, room_id: str) -> None:
        pass


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    audit_log = JsonAuditLog(tmp_path / "audit.jsonl")
    stores = replace(memory_stores(), audit_log=audit_log, files=FilesFolder(tmp_path / "files"))
    chat = new_chat(stores)
    hidden = [await make_private(chat, "Secret one"), await make_private(chat, "Secret two", is_archived=True)]
    hidden.append((await chat.direct_rooms.post("ida", ["jon"], "Secret", SECRET)).id)
    tea, old = [(await chat.rooms.create("owner", name)).id for name in ("Tea", "Old")]
    for room_id in (LOBBY, tea, old):
        await chat.messages.post("ida", room_id, "Hello", HELLO)
    await chat.rooms.archive("owner", old)
    await unload(chat)
    read, open_store = list[str](), stores.histories.open
    stores.histories.open = lambda room_id: read.append(room_id) or open_store(room_id)  # type: ignore[method-assign]
    yield World(chat, hidden, [LOBBY, tea, old], read, record(chat))
    await chat.close()


async def make_private(chat: Chat, name: str, *, is_archived: bool = False) -> str:
    """Make a room for Ida and Jon; the owner leaves it."""
    room = await chat.rooms.create("owner", name, is_private=True)
    for member_id in ("ida", "jon"):
        await chat.rooms.add_member("owner", room.id, member_id)
    await chat.moderation.perform("owner", room.id, ChangeTopic("Secret topic"))
    await chat.messages.post("ida", room.id, "Secret @Olga", SECRET)
    if is_archived:
        await chat.rooms.archive("owner", room.id)
    await chat.rooms.remove_member("owner", room.id, "owner")
    return room.id


def calls(name: str) -> Iterator[dict[str, object]]:
    """Yield arguments for a method that takes a room, but not who asks, and for which."""
    method = METHODS[name]
    required = {
        parameter: [*_actions(method)] if parameter == "action" else ARGUMENTS[parameter]
        for parameter, details in inspect.signature(method).parameters.items()
        if details.default is inspect.Parameter.empty and parameter not in {"member_id", "actor_id", "room_id"}
    }
    for values in product(*required.values()):
        yield dict(zip(required, values, strict=True))


def _actions(method: Callable[..., Any]) -> Iterator[object]:
    for kind in get_args(get_type_hints(method)["action"]):
        required = (field.name for field in fields(kind) if field.default is MISSING)
        yield kind(**{name: VALUES[name] for name in required})


def asking(name: str, member_id: str, room_id: str) -> dict[str, object]:
    parameters = inspect.signature(METHODS[name]).parameters
    return {"room_id": room_id, "actor_id" if "actor_id" in parameters else "member_id": member_id}


def test_every_method_is_known():
    assert METHODS.keys() <= {*WITH_A_ROOM, *(name for table in TABLES for name in table)}
    assert all([*calls(name)] for name in WITH_A_ROOM)


def test_no_other_service_takes_the_id_of_a_room():
    names = [found.name for found in pkgutil.iter_modules(state.__path__)]
    modules = [importlib.import_module(f"{state.__name__}.{name}") for name in names]
    kinds = {kind for module in modules for _, kind in inspect.getmembers(module, inspect.isclass)}
    services = {kind for kind in kinds if kind.__name__.endswith("Service")}
    assert services
    known = {inspect.unwrap(method).__qualname__ for method in METHODS.values()}
    for service in services:
        for name, method in inspect.getmembers(service, inspect.isfunction):
            if name[0] != "_" and "room_id" in inspect.signature(method).parameters:
                assert method.__qualname__ in known


@pytest.mark.parametrize("name", WITH_A_ROOM)
async def test_hidden_room_answers_as_one_that_is_not_there(world: World, name: str, tmp_path: Path):
    recorded = audit_lines(tmp_path)
    for member_id in OUTSIDERS.values():
        for arguments in calls(name):
            nowhere = await world.outcome(name, arguments | asking(name, member_id, NOWHERE))
            for room_id in world.hidden:
                assert await world.outcome(name, arguments | asking(name, member_id, room_id)) == nowhere
    assert (world.read, len(world.chat._loader)) == ([], 0)
    assert audit_lines(tmp_path) == recorded
    assert {type(event) for event in world.published} <= {ViewingChanged}, "of the asking member's own tabs"


@pytest.mark.parametrize("name", WITH_A_ROOM)
@pytest.mark.parametrize(("member_id", "rooms"), [("ida", "hidden"), ("bob", "open")])
async def test_room_that_one_may_see_is_there(world: World, name: str, member_id: str, rooms: str):
    for room_id in getattr(world, rooms):
        arguments = next(calls(name)) | asking(name, member_id, room_id)
        assert "room-gone" not in str(await world.outcome(name, arguments))


@pytest.mark.parametrize("member_id", OUTSIDERS.values(), ids=OUTSIDERS.keys())
async def test_answers_about_all_rooms_leave_hidden_ones_out(world: World, member_id: str):
    for action in (LockRoom(), SetSlowMode(5), MuteMember("bob")):
        for room_id in world.hidden[:1]:
            await world.chat.rooms.add_member("ida", room_id, "mod")
            await world.chat.moderation.perform("mod", room_id, action)
            await world.chat.rooms.remove_member("mod", room_id, "mod")
    world.chat.unread.follow(member_id, NothingRead(), id)
    for name in METHODS.keys() & ACROSS_ROOMS.keys() - {*WITH_A_ROOM}:
        parameter, *others = inspect.signature(METHODS[name]).parameters
        arguments = {parameter: member_id, **{other: ARGUMENTS[other][0] for other in others if other in ARGUMENTS}}
        outcome = repr(await world.outcome(name, arguments))
        assert "ecret" not in outcome
        assert name.startswith("moderation.") or not any(room_id in outcome for room_id in world.hidden)


async def test_answers_about_all_rooms_have_those_that_one_may_see(world: World):
    await world.chat.rooms.add_member("ida", world.hidden[0], "owner")
    world.chat.unread.follow("owner", NothingRead(), id)
    assert [message.text for message in await world.chat.calls.mentions("owner")] == ["Secret @Olga"]
    assert set(world.chat.unread.of("owner")) == {world.hidden[0], *world.open[:2]}
    await world.chat.moderation.report("owner", world.hidden[0], SECRET)
    assert (await world.chat.moderation.reported_messages("mod")).keys() == {(world.hidden[0], SECRET)}
