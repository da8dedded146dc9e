"""What the README says is so."""

import re
from datetime import UTC, datetime, timedelta

from chat.domain.accounts.shared_password import SharedPassword
from chat.domain.commands import everyone as commands
from chat.domain.commands.everyone import COMMANDS
from chat.domain.events import MessagePosted
from chat.domain.messages.history import History
from chat.domain.messages.message import Kind
from chat.domain.rooms.room import LOBBY, Room
from chat.domain.users import Member
from chat.i18n.translator import languages, translator
from chat.settings import Settings
from chat.text.nicknames import parse_nickname
from tests.support.server import ROOT

README = (ROOT / "README.md").read_text()


def rows(heading: str) -> list[str]:
    """The first cells of the table under a heading."""
    section = README.split(f"## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| `([^`]+)`", section, re.M)


def test_the_table_has_every_setting():
    names = {name.upper() if name in {"port", "host"} else f"CHAT_{name.upper()}" for name in Settings.model_fields}
    assert set(rows("Settings")) == names


def test_the_table_has_every_command():
    assert rows("Commands") == [f"/{found.name} {found.usage}".strip() for found in COMMANDS.values()]


def test_the_languages_are_those_there_are():
    listed = " ".join(re.findall(r"^- (English, .*?)\n\n", README, re.S | re.M)[0].split())
    names = re.split(", | and ", listed.removesuffix(", each person in their own."))
    assert names == [translator(code).name for code in languages()]


def test_a_command_is_added_as_the_readme_says(monkeypatch):
    monkeypatch.setattr(commands, "COMMANDS", COMMANDS.copy())
    (code,) = re.findall(r"```python\n(.*?)```", README, re.S)
    exec(code, {**vars(commands), "Kind": Kind})
    now = datetime.now(UTC)
    ann = Member("ann", parse_nickname("Ann"))
    room = Room(LOBBY, History(100), timedelta(seconds=10))
    for event in room.connect(ann, "tab", now):
        room.apply(event)
    found = commands.parse("/coin")
    assert found
    call = commands.CommandContext(room, ann, found[1], now, "coin0001", parse_nickname, SharedPassword("secret"))
    posted = found[0].run(call)
    assert isinstance(posted, MessagePosted)
    assert posted.message.text.startswith("flips a coin: ")
