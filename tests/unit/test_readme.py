"""README.md and chat/README.md against the code they describe."""

import re
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from chat.config.settings import Settings
from chat.domain.accounts.shared_password import SharedPassword
from chat.domain.commands import everyone, parser
from chat.domain.commands.parser import COMMANDS
from chat.domain.commands.registry import CommandContext, Table, register
from chat.domain.messages.events import MessagePosted
from chat.domain.messages.history import History
from chat.domain.people.people import People
from chat.domain.permissions import MINIMUM_ROLE
from chat.domain.rooms.chat_state import ChatState
from chat.domain.users import Member
from chat.i18n.translator import languages, translator
from chat.storage.json_files import accounts, audit_log, invitations, moderation, push_devices, rooms
from chat.storage.json_files.history import history_format
from chat.text.nicknames import parse_nickname
from tests.support.server import ROOT

README = ROOT / "README.md"
CHAT_README = ROOT / "chat" / "README.md"
BOTH = pytest.mark.parametrize("file", [README, CHAT_README], ids=["README.md", "chat/README.md"])

# In backticks: anything with a slash in it, or a file of the project's own kinds.
PATH = re.compile(r"`((?!\.venv/)[\w.][\w.*-]*(?:/[\w.*-]*)+|[\w-]+\.(?:py|toml|yaml|md|txt))`")


def section(file: Path, heading: str) -> str:
    return file.read_text().split(f"## {heading}\n")[1].split("\n## ")[0]


def rows(heading: str) -> dict[str, list[str]]:
    """Return the README's table below a heading: the cells of each row by the code in its first cell."""
    lines = re.findall(r"^\| `([^`]+)` \| (.*) \|$", section(README, heading), re.M)
    return {name: [cell.strip() for cell in cells.split("|")] for name, cells in lines}


def test_settings_table_is_complete():
    defaults = {
        name.upper() if name in {"port", "host"} else f"CHAT_{name.upper()}": field.default
        for name, field in Settings.model_fields.items()
    }
    documented = rows("Settings")
    assert sorted(documented) == sorted(defaults)
    for name, default in defaults.items():
        if isinstance(default, str | int | float | Path) and default != "":
            assert documented[name][0] == f"`{default}`"


def test_files_table_has_their_versions():
    documented = {name: cells[-1] for name, cells in rows("History and files").items() if cells[-1]}
    assert documented == {
        "chat_log.json": str(history_format.VERSION),
        "chat_log.json.journal": str(history_format.VERSION),
        "accounts.json": str(accounts.VERSION),
        "invitations.json": str(invitations.VERSION),
        "moderation.json": str(moderation.VERSION),
        "moderation.json.journal": str(moderation.VERSION),
        "audit.jsonl": str(audit_log.VERSION),
        "push_devices.json": str(push_devices.VERSION),
        "rooms.json": str(rooms.VERSION),
        "rooms/*.json": str(history_format.VERSION),
    }


def test_commands_table_is_complete():
    roles = {f"/{found.name} {found.usage}".strip(): found.needs for found in COMMANDS.values()}
    documented = rows("Commands")
    assert list(documented) == list(roles)
    for command, permission in roles.items():
        who = f"{MINIMUM_ROLE[permission]}s" if permission else "everyone"
        assert command.startswith("/room ") or documented[command][-1] == who


def test_languages_are_complete():
    (listed,) = re.findall(r"^- Languages: (.*?)\.\n\n", README.read_text(), re.S | re.M)
    names = re.split(", | and ", " ".join(listed.split()))
    assert names == [translator(code).name for code in languages()]


def test_adding_a_command_works_as_described(monkeypatch):
    added: Table = {}
    (code,) = re.findall(r"```python\n(.*?)```", section(CHAT_README, "Add a command"), re.S)
    exec(code, {**vars(everyone), "command": partial(register, added)})
    monkeypatch.setattr(parser, "COMMANDS", {**COMMANDS, **added})
    now = datetime.now(UTC)
    ann = Member("ann", parse_nickname("Ann"))
    chat = ChatState(People(timedelta(seconds=10)), History(100))
    for event in chat.people.connect(ann, "tab", now):
        chat.apply(event)
    found = parser.parse("/coin")
    assert found
    command, argument = found
    posted = command.run(
        CommandContext(chat.lobby, ann, argument, now, "coin0001", parse_nickname, SharedPassword("secret"))
    )
    assert isinstance(posted, MessagePosted)
    assert posted.message.text.startswith("flips a coin: ")


@BOTH
def test_links_lead_somewhere(file: Path):
    text = file.read_text()
    for target in re.findall(r"\]\(([^)]+)\)|src=\"([^\"]+)\"", text):
        path, _, anchor = "".join(target).partition("#")
        if path.startswith("https:"):
            continue
        linked = file.parent / path if path else file
        assert linked.exists(), path
        assert not anchor or anchor in anchors(linked), f"{path}#{anchor}"


def test_contents_list_every_section():
    for file in (README, CHAT_README):
        headings = re.findall(r"^## (.+)$", file.read_text(), re.M)
        contents = file.read_text().split("**Contents:**")[1].split("\n\n")[0]
        assert re.findall(r"\[([^]]+)\]", " ".join(contents.split())) == headings


def test_named_paths_exist():
    missing = {path for path in PATH.findall(CHAT_README.read_text()) if not any(ROOT.glob(path))}
    assert not missing


def test_names_are_in_the_files_given():
    found = re.findall(r"`(?:(\w+)\.)?(\w+)` in `([\w/]+\.py)`", " ".join(CHAT_README.read_text().split()))
    assert found
    missing = {
        f"{owner}.{name} in {path}"
        for owner, name, path in found
        if (ROOT / path).exists() and not defines((ROOT / path).read_text(), owner, name)
    }
    assert not missing


def test_programs_exist():
    for module in re.findall(r"python -m ([\w.]+)", CHAT_README.read_text()):
        path = ROOT / module.replace(".", "/")
        assert path.with_suffix(".py").exists() or (path / "__main__.py").exists(), module


def test_tree_shows_every_folder_of_the_source():
    shown = tree(re.findall(r"```\n(main\.py .*?)```", CHAT_README.read_text(), re.S)[0])
    assert not {path for path in shown if not (ROOT / path).exists()}
    packages = {path.parent.relative_to(ROOT) for path in (ROOT / "chat").rglob("__init__.py")}
    assert packages <= shown


def anchors(file: Path) -> set[str]:
    """Return the anchors that GitHub gives the headings of a file."""
    headings = re.findall(r"^#+ (.+)$", file.read_text(), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def defines(source: str, owner: str, name: str) -> bool:
    names = [name, owner] if owner else [name]
    return all(re.search(rf"\b(?:class|def) {each}\b|^\s*{each}\b.*? = ", source, re.M) for each in names)


def tree(text: str) -> set[Path]:
    """Return the paths of a tree of files, indented by two spaces for each folder."""
    parents: list[str] = []
    paths = set()
    for indent, name in re.findall(r"^( *)(\S+)", text, re.M):
        parents[len(indent) // 2 :] = [name]
        paths.add(Path(*parents))
    return paths
