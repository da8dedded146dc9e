"""The sentences of errors, by their keys."""

from chat.domain.commands.registry import N_
from chat.domain.errors import ChatError
from chat.i18n.translator import Translator

ERRORS = {
    "account-exists": N_("You have an account already."),
    "account-gone": N_("That account does not exist any more."),
    "accounts-unwritable": N_("The account could not be saved, so nothing changed. Try again in a moment."),
    "account-needed": N_("Coming in takes an account here."),
    "admin-locked": N_("Too many wrong passwords. Try again in a minute."),
    "admin-wrong": N_("That is not the admin password."),
    "banned": N_("You were banned from this chat."),
    "banned-for": N_("You were banned from this chat. Time left: %(left)s."),
    "command-unknown": N_("There is no command /%(name)s. Type /help for the list, or // to start with a slash."),
    "command-usage": N_("Something is missing after /%(name)s. Type /help for the list."),
    "command-in-edit": N_("A message can't be changed into a command. Begin with // to start with a slash."),
    "duration-range": N_("That is too long or too short. Up to %(limit)s days are fine."),
    "emoji-unknown": N_("That is not an emoji to react with."),
    "filter-full": N_("The word filter can have up to %(limit)s words."),
    "filter-word": N_("The filter takes single words of up to %(limit)s characters, with * at the end if you like."),
    "history-unwritable": N_("The message could not be saved, so nobody got it. Try again in a moment."),
    "kicked": N_("You were sent out. Time left: %(left)s."),
    "locked": N_("The room is locked: it is there to read only."),
    "invitation-hours": N_("An invitation can last for up to %(limit)s hours."),
    "invitation-over": N_("This invitation is not good any more. Ask for a new one."),
    "invitations-full": N_("There can be up to %(limit)s open invitations. Revoke one first."),
    "message-foreign": N_("That message is somebody else's."),
    "message-gone": N_("That message has been deleted."),
    "message-old": N_("That message is too old and is not kept any more."),
    "name-account": N_(
        "Somebody has an account with the name %(name)s or one that looks like it. "
        "If it is yours, sign in; if not, please choose another."
    ),
    "name-empty": N_("Please enter a name."),
    "name-filtered": N_("This name has a word in it that is not welcome here. Please choose another."),
    "name-invalid": N_("This name has characters that can't be used. Letters, digits and emoji are fine."),
    "name-mixed-scripts": N_("This name mixes look-alike letters of different alphabets. Please use one."),
    "name-reserved": N_("The name %(name)s is reserved. Please choose another."),
    "name-taken": N_("Somebody here is called %(name)s already. Please choose another."),
    "name-too-long": N_("Names can have up to %(limit)s characters."),
    "muted": N_("You are muted and can only read. Time left: %(left)s."),
    "needs-admin": N_("Only admins can do that. Who has the admin password becomes one with /admin."),
    "needs-guest": N_("You can't do that here."),
    "needs-member": N_("Only members with an account can do that."),
    "needs-moderator": N_("Only moderators can do that."),
    "needs-owner": N_("Only owners of this chat can do that."),
    "nobody": N_("There is no such person."),
    "nobody-called": N_("There is nobody called %(name)s."),
    "not-above": N_("You can do that only to people whose role is below yours."),
    "not-banned": N_("Nobody of that name is banned."),
    "not-here": N_("You are not in the room any more. Reload the page to join again."),
    "not-muted": N_("%(name)s is not muted."),
    "number-wanted": N_("A number is wanted there."),
    "purge-nothing": N_("There are no messages of %(name)s."),
    "purge-range": N_("Between 1 and %(limit)s messages can be deleted at once."),
    "password-common": N_("That is one of the passwords that are tried first. Please choose another."),
    "password-invalid": N_("This password has characters that can't be used."),
    "password-is-name": N_("Your name is no good password. Please choose another."),
    "password-too-long": N_("A password can have up to %(limit)s characters."),
    "password-too-short": N_("A password needs at least %(limit)s characters."),
    "password-wrong": N_("That is not your password."),
    "reactions-full": N_("A message can have up to %(limit)s different reactions."),
    "reason-too-long": N_("A reason can have up to %(limit)s characters."),
    "reply-gone": N_("The message you answer has been deleted. Send it again to post it without."),
    "report-again": N_("You have reported that message already."),
    "report-gone": N_("There is no open report about that message."),
    "report-own": N_("That message is your own."),
    "role-too-high": N_("You can give only roles below your own."),
    "role-unknown": N_("There is no role %(name)s: it is guest, member, moderator or admin."),
    "room-locked": N_("Too many wrong passwords. Try again in a minute."),
    "room-wrong": N_("That is not the password of the room."),
    "search-empty": N_("Type something to search for."),
    "search-too-long": N_("Search for up to %(limit)s characters."),
    "slow-mode": N_("Slow mode is on. You can write again in a moment. Time left: %(left)s."),
    "slow-range": N_("Slow mode can take up to %(limit)s seconds."),
    "signed-out": N_("The password was changed, or all devices were signed out. Sign in again."),
    "sign-in-paused": N_("Too many tries. Wait a while and try again."),
    "sign-in-wrong": N_("The name or the password is wrong."),
    "sso-failed": N_("Signing in did not work. Try again in a moment."),
    "text-empty": N_("There is nothing to send yet."),
    "text-too-long": N_("A message can have up to %(limit)s characters; this one has %(length)s."),
    "topic-too-long": N_("A topic can have up to %(limit)s characters."),
    "too-fast": N_("You are writing very fast. Please wait a moment and send it again."),
    "word-filtered": N_("The word %(word)s is not welcome here. Please say it differently."),
}


def describe_error(tr: Translator, error: ChatError) -> str:
    """Return the sentence of an error, followed by the moderator's reason if there is one."""
    details = {key: _detail(tr, key, value) for key, value in error.details.items()}
    sentence = tr(ERRORS[error.key], **details)
    if not details.get("reason"):
        return sentence
    reason = tr("Reason: %(why)s", why=details["reason"])  # the extractor does not look into f-strings
    return f"{sentence} {reason}"


def _detail(tr: Translator, name: str, value: str | int) -> str:
    if isinstance(value, int):
        return tr.duration(value) if name == "left" else tr.number(value)
    return tr(value) if name == "usage" else value
