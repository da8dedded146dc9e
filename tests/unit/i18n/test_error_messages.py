"""Errors as sentences: every key that is raised has one, and none is left over."""

import ast
from pathlib import Path

from chat.domain import errors
from chat.domain.errors import ChatError, EntryRefused, SpeechRefused, TextRefused
from chat.domain.users import Role
from chat.i18n.error_messages import ERRORS, describe_error
from chat.i18n.translator import translator

CODE = Path(__file__).parents[3] / "chat"
KINDS = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, ChatError)}

# The modules in which a key is computed or handed on, and the keys.
COMPUTED = {
    "domain/permissions.py": {f"needs-{role}" for role in Role},
    "domain/accounts/shared_password.py": {
        f"{name}-{problem}" for name in ("admin", "room") for problem in ("locked", "wrong")
    },
    "domain/moderation/state.py": {"banned", "banned-for"},
    "domain/rooms/conversation_state.py": {"message-gone", "reply-gone"},
    "domain/rooms/moderation/decision_values.py": {"line-too-long", "reason-too-long"},
    "domain/errors.py": set[str](),
    "state/accounts/accounts.py": {"sign-in-wrong", "password-wrong"},
}


def raised() -> tuple[set[str], set[str]]:
    """Return the keys of all errors in the source, and the modules that compute some."""
    keys, modules = set[str](), set[str]()
    for path in sorted(CODE.rglob("*.py")):
        module = path.relative_to(CODE).as_posix()
        names = KINDS | {"super().__init__"} if module == "domain/errors.py" else KINDS
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or ast.unparse(node.func) not in names or not node.args:
                continue
            match node.args[0]:
                case ast.Constant(value=str(key)):
                    keys.add(key)
                case _:
                    modules.add(module)
    return keys, modules


def strings_of_the_source() -> set[str]:
    return {
        node.value
        for path in CODE.rglob("*.py")
        if path.name != "error_messages.py"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_every_raised_key_has_a_sentence():
    keys, modules = raised()
    assert {module for module in modules if module.startswith(("domain/", "state/", "text/"))} == COMPUTED.keys()
    assert keys.union(*COMPUTED.values()) <= ERRORS.keys()


def test_every_sentence_is_used():
    assert ERRORS.keys() <= strings_of_the_source().union(*COMPUTED.values())


def test_details_are_written_in_the_language():
    assert describe_error(translator("en"), TextRefused("text-too-long", limit=4000, length=12345)) == (
        "A message can have up to 4,000 characters; this one has 12,345."
    )
    assert "4.000" in describe_error(translator("de"), TextRefused("text-too-long", limit=4000, length=12345))
    assert "90 seconds" in describe_error(translator("en"), SpeechRefused("slow-mode", left=90))


def test_reason_follows_the_sentence():
    kicked = EntryRefused("kicked", until=None, left=60, reason="100% spam")
    assert describe_error(translator("en"), kicked).endswith(" Reason: 100% spam")
    kicked = EntryRefused("kicked", until=None, left=60, reason="")
    assert "Reason" not in describe_error(translator("en"), kicked)
