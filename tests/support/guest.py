"""A member without a browser, for tests in a browser: the verbs of `people.Person`, at a twentieth of the cost."""

from tests.support import room_nodes as room
from tests.support.page_program import Program


class Guest(Program):
    """A member with one page, who does and sees what needs no browser."""

    async def reply(self, to: str, text: str) -> None:
        """Answer the message with a text."""
        await self.sees_message(to)
        await self.send(text, f"reply-{self._id(to)}")

    async def edit(self, text: str, into: str) -> None:
        """Give a message of one's own another text."""
        await self.sees_message(text)
        await self.send(into, f"edit-{self._id(text)}")

    async def delete(self, text: str) -> None:
        """Delete a message, and say that it is meant."""
        await self.sees_message(text)
        await self.choose("--delete", message_id=self._id(text))
        await self.press("Delete")

    async def react(self, text: str, emoji: str) -> None:
        """Put an emoji to a message, or take it back."""
        await self.sees_message(text)
        await self.choose("--react", emoji, self._id(text))

    async def write(self, text: str) -> None:
        """Have this text in the field."""
        await self._send(str(self._form), "input", text[:2], which=0)

    async def become_admin(self, password: str) -> None:
        """Give the admin password and see that it was right."""
        await self.say(f"/admin {password}")
        await self.sees_line("is now an admin")

    async def clear_history(self) -> None:
        """Wipe the history."""
        await self.choose("--clear")
        await self.press("Clear history")

    async def rename(self, name: str) -> None:
        """Take another name."""
        await self.say(f"/nick {name}")

    async def leave(self) -> None:
        """Leave the room."""
        await self.choose("--leave")

    async def sees(self, *texts: str) -> None:
        """See exactly these messages, in this order (each with exactly this text)."""
        await self._until(lambda: [*map(room.text_of, room.articles(self.elements))] == [*texts])

    async def sees_message(self, text: str) -> None:
        """See a message with this text."""
        await self._until(lambda: any(text in room.text_of(article) for article in room.articles(self.elements)))

    async def sees_line(self, text: str) -> None:
        """See a line between the messages."""
        await self._until(lambda: any(text in line for line in room.notices(self.elements)))

    async def sees_people(self, *names: str) -> None:
        """See exactly these people in the roster."""
        await self._until(lambda: [*room.rows(self.elements)] == [*names])

    async def sees_in_row(self, name: str, text: str) -> None:
        """See a text in the row of a person in the roster."""
        await self._until(lambda: text in room.rows(self.elements).get(name, ""))

    async def sees_typing(self, text: str) -> None:
        """See exactly this in the typing line."""
        await self._until(lambda: room.typing(self.elements) == text)

    def _id(self, text: str) -> str:
        return room.id_of(room.article(self.elements, text))
