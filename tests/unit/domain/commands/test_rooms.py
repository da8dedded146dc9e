"""The slash commands about rooms, and where they apply."""

import pytest

from chat.domain.commands.completion import complete
from chat.domain.commands.parser import COMMANDS, allowed_commands, parse, unescape
from chat.domain.commands.registry import Outcome
from chat.domain.commands.replies import LeaveRoomPrompt
from chat.domain.commands.rooms import applicable
from chat.domain.rooms.chat_state import ChatState
from chat.domain.rooms.directory.room_actions import (
    AddToRoom,
    ArchiveRoom,
    CreateRoom,
    DescribeRoom,
    RemoveFromRoom,
    RenameRoom,
    ReopenRoom,
)
from chat.domain.rooms.directory.room_info import LOBBY, RoomInfo, RoomKind
from chat.domain.rooms.directory.room_policy import RoomPolicy
from chat.domain.users import Member, Role
from tests.unit.domain.rooms import scenes
from tests.unit.domain.rooms.scenes import ADA, ANN, BOB, MO, join, new_chat, refusal

OUTCOMES = {
    "/room create Tea and cake": CreateRoom("Tea and cake"),
    "/room private Plans": CreateRoom("Plans", is_private=True),
    "/room rename Coffee": RenameRoom("Coffee"),
    "/room describe With milk": DescribeRoom("With milk"),
    "/room describe -": DescribeRoom(""),
    "/room archive": ArchiveRoom(),
    "/room reopen Tea": ReopenRoom("Tea"),
    "/room invite @Bob": AddToRoom("bob"),
    "/room remove bob": RemoveFromRoom("bob"),
    "/room leave": LeaveRoomPrompt(),
}


@pytest.fixture
def chat() -> ChatState:
    chat = new_chat()
    join(chat, ANN)
    join(chat, BOB)
    return chat


def run(chat: ChatState, text: str) -> Outcome:
    return scenes.run(chat, text, ANN)


@pytest.mark.parametrize("text", OUTCOMES)
def test_command_says_what_to_do(chat: ChatState, text: str):
    assert run(chat, text) == OUTCOMES[text]


@pytest.mark.parametrize("text", ["/room", "/room  ", "/room dance", "/room Tea"])
def test_without_a_known_verb_it_names_them(text: str):
    problem = refusal(lambda: parse(text))
    assert problem.key == "command-usage"
    assert problem.details == {
        "name": "room",
        "usage": "create, private, rename, describe, archive, reopen, invite, remove, leave",
    }


@pytest.mark.parametrize("text", ["/room create", "/room rename  ", "/room invite"])
def test_missing_argument_is_named(text: str):
    problem = refusal(lambda: parse(text))
    assert problem.details["name"] == " ".join(text.split())[1:]


def test_invited_person_must_be_known(chat: ChatState):
    assert refusal(lambda: run(chat, "/room invite @Nobody")).key == "nobody-called"


def test_two_slashes_write_it():
    assert unescape("//room create Tea") == "/room create Tea"


TEA = RoomInfo("tea", RoomKind.PUBLIC, "Tea", creator="ann")
PLANS = RoomInfo("plans", RoomKind.PRIVATE, "Plans", creator="ann", members=frozenset({"ann", "bob", "ada"}))
DIRECT = RoomInfo("direct", RoomKind.DIRECT, creator="ann", members=frozenset({"ann", "ada"}))
HALL = RoomInfo(LOBBY, RoomKind.PUBLIC, "Lobby")
CREATING = {"create", "private", "reopen"}
CHANGING = {"rename", "describe"}
MEMBER = ANN.with_role(Role.MEMBER)


@pytest.mark.parametrize(
    ("member", "room", "policy", "verbs"),
    [
        (BOB, HALL, RoomPolicy.ADMINS, set()),
        (MO, HALL, RoomPolicy.ADMINS, set()),
        (ADA, HALL, RoomPolicy.ADMINS, CREATING | CHANGING),
        (ADA, HALL, RoomPolicy.OFF, set()),
        (MEMBER, HALL, RoomPolicy.MEMBERS, CREATING),
        (ANN, HALL, RoomPolicy.MEMBERS, set()),
        (BOB, TEA, RoomPolicy.ADMINS, set()),
        (ANN, TEA, RoomPolicy.ADMINS, CHANGING | {"archive"}),
        (ADA, TEA, RoomPolicy.ADMINS, CREATING | CHANGING | {"archive"}),
        (BOB, PLANS, RoomPolicy.ADMINS, {"invite", "leave"}),
        (ANN, PLANS, RoomPolicy.ADMINS, CHANGING | {"archive", "invite", "remove", "leave"}),
        (ANN, DIRECT, RoomPolicy.ADMINS, set()),
        (ADA, DIRECT, RoomPolicy.OFF, set()),
    ],
)
def test_only_commands_that_apply_are_listed(member: Member, room: RoomInfo, policy: RoomPolicy, verbs: set[str]):
    found = applicable(member, room, policy)
    assert found == {f"room {verb}" for verb in verbs}
    listed = [command.name for command in allowed_commands(member.role, found)]
    assert [name for name in listed if name.startswith("room")] == [name for name in COMMANDS if name in found]


def test_suggestions_go_on_with_the_second_word():
    def labels(before: str) -> list[str]:
        _word, options = complete(before, [], COMMANDS.values(), lambda *_: [], can_mention_everyone=False, limit=20)
        return [option.text for option in options]

    assert labels("/room re") == ["/room rename ", "/room reopen ", "/room remove @"]
    assert labels("/ROOM LEA") == ["/room leave "]
    assert labels("/room create Te") == []
