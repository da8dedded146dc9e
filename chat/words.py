"""Errors, notices and answers as sentences: the one place where the domain's keys become words for people."""

import random
from collections.abc import Callable

from chat.commands import COMMANDS, N_, Reply
from chat.errors import ChatError
from chat.i18n import Translator
from chat.timeline import Cleared, Notice, Promoted, Renamed, Retopiced, Traffic, Verb

ERRORS = {
    "account-exists": N_("You have an account already."),
    "account-gone": N_("That account does not exist any more."),
    "accounts-unwritable": N_("The account could not be saved, so nothing changed. Try again in a moment."),
    "admin-locked": N_("Too many wrong passwords. Try again in a minute."),
    "admin-wrong": N_("That is not the admin password."),
    "admins-only": N_("Only admins can do that. Become one with /admin and the password."),
    "command-unknown": N_("There is no command /%(name)s. Type /help for the list, or // to start with a slash."),
    "command-usage": N_("Something is missing after /%(name)s. Type /help for the list."),
    "command-in-edit": N_("A message can't be changed into a command. Begin with // to start with a slash."),
    "emoji-unknown": N_("That is not an emoji to react with."),
    "history-unwritable": N_("The message could not be saved, so nobody got it. Try again in a moment."),
    "message-foreign": N_("That message is somebody else's."),
    "message-gone": N_("That message has been deleted."),
    "name-account": N_(
        "Somebody has an account with the name %(name)s or one that looks like it. "
        "If it is yours, sign in; if not, please choose another."
    ),
    "name-empty": N_("Please enter a name."),
    "name-invalid": N_("This name has characters that can't be used. Letters, digits and emoji are fine."),
    "name-mixed-scripts": N_("This name mixes look-alike letters of different alphabets. Please use one."),
    "name-reserved": N_("The name %(name)s is reserved. Please choose another."),
    "name-taken": N_("Somebody here is called %(name)s already. Please choose another."),
    "name-too-long": N_("Names can have up to %(limit)s characters."),
    "not-here": N_("You are not in the room any more. Reload the page to join again."),
    "password-common": N_("That is one of the passwords that are tried first. Please choose another."),
    "password-invalid": N_("This password has characters that can't be used."),
    "password-is-name": N_("Your name is no good password. Please choose another."),
    "password-too-long": N_("A password can have up to %(limit)s characters."),
    "password-too-short": N_("A password needs at least %(limit)s characters."),
    "password-wrong": N_("That is not your password."),
    "reactions-full": N_("A message can have up to %(limit)s different reactions."),
    "reply-gone": N_("The message you answer has been deleted. Send it again to post it without."),
    "search-empty": N_("Type something to search for."),
    "search-too-long": N_("Search for up to %(limit)s characters."),
    "sign-in-paused": N_("Too many tries. Wait a while and try again."),
    "sign-in-wrong": N_("The name or the password is wrong."),
    "text-empty": N_("There is nothing to send yet."),
    "text-too-long": N_("A message can have up to %(limit)s characters; this one has %(length)s."),
    "topic-too-long": N_("A topic can have up to %(limit)s characters."),
    "too-fast": N_("You are writing very fast. Please wait a moment and send it again."),
}

NAMES = (
    N_("Amber Fox"),
    N_("Brave Heron"),
    N_("Calm Otter"),
    N_("Clever Magpie"),
    N_("Curious Lynx"),
    N_("Gentle Bear"),
    N_("Happy Finch"),
    N_("Jolly Badger"),
    N_("Kind Robin"),
    N_("Lucky Hedgehog"),
    N_("Merry Seal"),
    N_("Nimble Squirrel"),
    N_("Patient Turtle"),
    N_("Quiet Owl"),
    N_("Sunny Dolphin"),
    N_("Swift Hare"),
)


def error(_: Translator, problem: ChatError) -> str:
    """Why something was refused."""
    details = {key: _.number(value) if isinstance(value, int) else value for key, value in problem.details.items()}
    return _(ERRORS[problem.key], **details)


def notice(_: Translator, item: Notice, mark: Callable[[str], str]) -> str:
    """A line between messages; `mark` makes a name safe and visible in the place where it is shown."""
    match item:
        case Renamed(before=before, after=after):
            return _("%(before)s is now called %(after)s", before=mark(before), after=mark(after))
        case Promoted(name=name):
            return _("%(name)s is an admin now", name=mark(name))
        case Retopiced(name=name, topic=""):
            return _("%(name)s removed the topic", name=mark(name))
        case Retopiced(name=name, topic=topic):
            return _("%(name)s changed the topic: %(topic)s", name=mark(name), topic=mark(topic))
        case Cleared(name=name):
            return _("%(name)s cleared the history", name=mark(name))
        case Traffic():
            return " · ".join(filter(None, (_moved(_, item, Verb.JOINED, mark), _moved(_, item, Verb.LEFT, mark))))


def typing(_: Translator, names: list[str]) -> str:
    """Who is typing; the first two by name."""
    if len(names) > 2:
        first, second, others = names[0], names[1], len(names) - 2
        return _.plural(
            "%(first)s, %(second)s and %(count)s other are typing",
            "%(first)s, %(second)s and %(count)s others are typing",
            others,
            first=first,
            second=second,
        )
    if len(names) == 2:
        return _("%(first)s and %(second)s are typing", first=names[0], second=names[1])
    return _("%(name)s is typing", name=names[0]) if names else ""


def reacted(_: Translator, names: list[str]) -> str:
    """Who reacted; the first ten by name."""
    shown, others = names[:10], len(names) - 10
    if others > 0:
        shown.append(_.plural("%(count)s other", "%(count)s others", others))
    return _.join(shown)


def reply(_: Translator, answer: Reply, mark: Callable[[str], str] = str) -> list[str]:
    """The lines of an answer that only the asker sees; `mark` as in `notice`, for names and commands."""
    if answer.topic == "help":
        return [f"{mark(f'/{c.name}')} {_(c.usage)}".rstrip() + f" – {_(c.summary)}" for c in COMMANDS.values()]
    here = _.plural("%(count)s person is here:", "%(count)s people are here:", len(answer.names))
    return [here, *map(mark, answer.names)]


def suggest_name(_: Translator) -> str:
    """A friendly name to start with."""
    return _(random.choice(NAMES))


def _moved(_: Translator, item: Traffic, verb: Verb, mark: Callable[[str], str]) -> str:
    names = [mark(name) for name in item.names(verb)]
    shown = names[:3]
    if not shown:
        return ""
    if len(names) > len(shown):
        others = len(names) - len(shown)
        shown.append(_.plural("%(count)s other", "%(count)s others", others))
    listed = _.join(shown)
    if verb is Verb.JOINED:
        return _.plural("%(names)s joined", "%(names)s joined", len(names), names=listed)
    return _.plural("%(names)s left", "%(names)s left", len(names), names=listed)
