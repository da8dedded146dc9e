"""The sentences of errors, by their keys."""

from chat.domain.errors import ChatError
from chat.domain.text.translatable import N_
from chat.i18n.translator import Translator

ERRORS = {
    "account-exists": N_("You already have an account."),
    "account-gone": N_("That account no longer exists."),
    "accounts-unwritable": N_("The account couldn't be saved, so nothing was changed. Try again in a moment."),
    "account-needed": N_("You need an account to join."),
    "admin-locked": N_("Too many wrong passwords. Try again in a minute."),
    "admin-wrong": N_("Wrong admin password."),
    "banned": N_("You were banned from this chat."),
    "banned-for": N_("You were banned from this chat. You can rejoin in %(left)s."),
    "command-unknown": N_("Unknown command: /%(name)s. Type /help for a list, or // to start with a slash."),
    "command-usage": N_("/%(name)s needs more: %(usage)s"),
    "command-in-edit": N_("You can't turn a message into a command. Type // to start with a slash."),
    "duration-range": N_("Please enter a duration of up to %(limit)s days."),
    "emoji-unknown": N_("You can only react with emoji."),
    "command-with-files": N_("Commands can't be sent with files."),
    "file-empty": N_("This file is empty."),
    "file-gone": N_("A file is no longer there. Please attach it again."),
    "file-too-large": N_("This file is too large. Files can have up to %(size)s."),
    "files-too-many": N_("A message can have up to %(limit)s files."),
    "files-unreachable": N_("Files can't be sent right now. Try again in a moment."),
    "filter-full": N_("The word filter can have up to %(limit)s words."),
    "filter-word": N_("Use single words of up to %(limit)s characters, optionally with * at the end."),
    "history-unwritable": N_("The message couldn't be saved, so it wasn't sent. Try again in a moment."),
    "kicked": N_("You were kicked. You can rejoin in %(left)s."),
    "locked": N_("The room is locked. Only moderators can write."),
    "invitation-hours": N_("An invitation can last for up to %(limit)s hours."),
    "invitation-over": N_("This invitation has expired. Ask for a new one."),
    "invitations-full": N_("There can be up to %(limit)s open invitations. Revoke one first."),
    "message-foreign": N_("You can only change your own messages."),
    "message-gone": N_("That message was deleted."),
    "message-missing": N_("That message no longer exists."),
    "message-old": N_("That message is no longer kept."),
    "name-account": N_(
        "An account named %(name)s, or something that looks like it, already exists. If it's yours, sign in; "
        "otherwise, please choose another name."
    ),
    "name-empty": N_("Please enter a name."),
    "name-filtered": N_("This name contains a blocked word. Please choose another."),
    "name-invalid": N_("This name contains characters that aren't allowed. Letters, digits and emoji are fine."),
    "name-mixed-scripts": N_(
        "This name mixes look-alike letters from different alphabets. Please use only one alphabet."
    ),
    "name-reserved": N_("The name %(name)s is reserved. Please choose another."),
    "name-taken": N_("The name %(name)s is taken. Please choose another."),
    "name-too-long": N_("Names can have up to %(limit)s characters."),
    "muted": N_("You're muted. You can write again in %(left)s."),
    "needs-admin": N_("Only admins can do that. If you have the admin password, use /admin."),
    "needs-guest": N_("You can't do that here."),
    "needs-member": N_("Only members with an account can do that."),
    "needs-moderator": N_("Only moderators can do that."),
    "needs-owner": N_("Only owners can do that."),
    "nobody": N_("That person isn't here."),
    "nobody-called": N_("Couldn't find anyone called %(name)s."),
    "not-above": N_("You can only do that to people with a lower role than yours."),
    "not-banned": N_("Nobody by that name is banned."),
    "not-here": N_("You're no longer in the room. Reload the page to rejoin."),
    "not-muted": N_("%(name)s isn't muted."),
    "number-wanted": N_("Please enter a number."),
    "picture-broken": N_("This picture is damaged."),
    "picture-unknown": N_("This file isn't a picture."),
    "picture-too-large": N_("This picture has too many pixels."),
    "purge-nothing": N_("There are no messages by %(name)s."),
    "purge-range": N_("You can delete between 1 and %(limit)s messages at once."),
    "password-common": N_("That password is too common. Please choose another."),
    "password-invalid": N_("This password contains characters that aren't allowed."),
    "password-is-name": N_("Don't use your name as your password."),
    "password-too-long": N_("A password can have up to %(limit)s characters."),
    "password-too-short": N_("A password needs at least %(limit)s characters."),
    "password-wrong": N_("Wrong password."),
    "reactions-full": N_("A message can have up to %(limit)s different reactions."),
    "reason-too-long": N_("A reason can have up to %(limit)s characters."),
    "reply-gone": N_("The message you replied to was deleted. Send again to post without the reply."),
    "report-again": N_("You've already reported that message."),
    "report-gone": N_("That message has no open reports."),
    "report-known": N_("Others have already reported that message. Moderators will look at it."),
    "report-own": N_("You can't report your own message."),
    "reports-full": N_("Moderators already have many reports to look at. Try again in %(left)s."),
    "role-too-high": N_("You can only assign roles below your own."),
    "role-unknown": N_("Unknown role: %(name)s. Choose guest, member, moderator or admin."),
    "reset-over": N_("This link has expired. Ask an admin for a new one."),
    "reset-without-password": N_("%(name)s signs in without a password."),
    "room-locked": N_("Too many wrong passwords. Try again in a minute."),
    "room-wrong": N_("Wrong room password."),
    "search-empty": N_("Enter something to search for."),
    "search-too-long": N_("A search can have up to %(limit)s characters."),
    "slow-mode": N_("Slow mode is on. You can write again in %(left)s."),
    "direct-self": N_("Choose someone else to write to."),
    "direct-size": N_("Direct messages are for up to %(limit)s people."),
    "line-too-long": N_("Please use up to %(limit)s characters."),
    "own-rooms-full": N_("You can create up to %(limit)s rooms."),
    "room-archived": N_("This room is archived. It can only be read."),
    "link-over": N_("This link no longer works. Ask for a new one."),
    "room-fixed": N_("This room can't be changed like that."),
    "room-gone": N_("This room doesn't exist."),
    "room-keeps-name": N_(
        "%(room)s can't be read right now, so your messages there would keep your name. Ask an admin."
    ),
    "rooms-keep-name": N_("A room can't be read right now, so your messages there would keep your name. Ask an admin."),
    "room-member": N_("%(name)s is already in this room."),
    "room-no-member": N_("%(name)s isn't in this room."),
    "room-not-private": N_("This room is open to everyone."),
    "room-open": N_("This room isn't archived."),
    "room-unreadable": N_("This room can't be read right now. Ask an admin."),
    "rooms-full": N_("There can be up to %(limit)s rooms."),
    "rooms-off": N_("Rooms can't be created here."),
    "rooms-unwritable": N_("The room couldn't be saved, so nothing was changed. Try again in a moment."),
    "slow-range": N_("Slow mode can be at most %(limit)s seconds."),
    "signed-out": N_("Your password was changed, or all devices were signed out. Please sign in again."),
    "sign-in-paused": N_("Too many attempts. Try again later."),
    "sign-in-wrong": N_("Wrong name or password."),
    "sso-failed": N_("Sign-in failed. Try again in a moment."),
    "sso-needed": N_("This chat now uses single sign-on. Please sign in again."),
    "storage-full": N_("There's no space left to save this, so nothing was changed. Please tell an admin."),
    "switch-too-fast": N_("You're switching rooms too fast. Try again in %(left)s."),
    "text-empty": N_("Type a message first."),
    "text-has-password": N_(
        "This contains the admin password, so it wasn't published. To become an admin, type /admin and the password."
    ),
    "text-too-long": N_("A message can have up to %(limit)s characters; this one has %(length)s."),
    "topic-too-long": N_("A topic can have up to %(limit)s characters."),
    "too-fast": N_("You're sending too fast. Try again in %(left)s."),
    "upload-quota": N_("You can send up to %(size)s of files a day. Try again tomorrow."),
    "uploads-off": N_("Files can't be sent here."),
    "word-filtered": N_("The word %(word)s is blocked here. Please rephrase."),
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
        return {"left": tr.duration, "size": tr.size}.get(name, tr.number)(value)
    return tr(value) if name == "usage" else value
