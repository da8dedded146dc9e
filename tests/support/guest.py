"""A member without a browser, for browser tests: the methods of `people.Person` at a twentieth of the cost."""

from tests.support import room_nodes as room
from tests.support.page_program import Program


class Guest(Program):
    """A member with one page, for everything that needs no browser."""

    async def reply(self, to: str, text: str) -> None:
        await self.sees_message(to)
        await self.send(text, f"reply-{self._id(to)}")

    async def edit(self, text: str, into: str) -> None:
        await self.sees_message(text)
        await self.send(into, f"edit-{self._id(text)}")

    async def delete(self, text: str) -> None:
        """Delete a message and confirm."""
        await self.sees_message(text)
        await self.choose("--delete", message_id=self._id(text))
        await self.press("Delete")

    async def react(self, text: str, emoji: str) -> None:
        """Add or remove a reaction."""
        await self.sees_message(text)
        await self.choose("--react", emoji, self._id(text))

    async def write(self, text: str) -> None:
        """Type without sending."""
        await self._send(str(self._form), "input", text[:2], which=0)

    async def become_admin(self, password: str) -> None:
        """Use `/admin` and wait for the role."""
        await self.say(f"/admin {password}")
        await self.sees_line("is now an admin")

    async def clear_history(self) -> None:
        """Clear the history, confirm and wait until it is cleared."""
        await self.choose("--clear")
        await self.press("Clear history")
        await self.sees_line("cleared the history")

    async def go_into(self, room: str) -> None:
        """Show another room, by its address."""
        await self.close()
        self.path = f"room/{room}"
        await self.open()

    async def rename(self, name: str) -> None:
        await self.say(f"/nick {name}")

    async def sees(self, *texts: str) -> None:
        """Wait until exactly these messages are shown, in this order."""
        await self._until(lambda: [*map(room.text_of, room.articles(self.elements))] == [*texts])

    async def sees_message(self, text: str) -> None:
        """Wait until a message contains `text`."""
        await self._until(lambda: any(text in room.text_of(article) for article in room.articles(self.elements)))

    async def sees_line(self, text: str) -> None:
        """Wait until a notice between the messages contains `text`."""
        await self._until(lambda: any(text in line for line in room.notices(self.elements)))

    async def sees_people(self, *names: str) -> None:
        """Wait until the roster lists exactly these names, in this order."""
        await self._until(lambda: [*room.rows(self.elements)] == [*names])

    async def sees_in_row(self, name: str, text: str) -> None:
        """Wait until the roster row of `name` contains `text`."""
        await self._until(lambda: text in room.rows(self.elements).get(name, ""))

    async def sees_typing(self, text: str) -> None:
        """Wait until the typing line reads exactly `text`."""
        await self._until(lambda: room.typing(self.elements) == text)

    def _id(self, text: str) -> str:
        return room.id_of(room.article(self.elements, text))
