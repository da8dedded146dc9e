"""Why files can't be sent here, in words."""

from chat.domain.users import Role
from chat.ui.page_context import PageContext

SETTINGS = {"uploads-homeless": "CHAT_FILES_URL", "uploads-off": "CHAT_UPLOADS"}


def why_off(page: PageContext) -> str:
    """Return the reason, and for admins the setting that allows files."""
    refusal = page.chat.uploads.refusal
    reason = page.error_message(refusal)
    member = page.chat.people.members.get(page.member_id)
    if member is None or member.role not in {Role.ADMIN, Role.OWNER}:
        return reason
    remedy = page.tr("To allow files, change the setting %(name)s.", name=SETTINGS[refusal.key])
    return f"{reason} {remedy}"
