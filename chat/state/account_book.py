"""The account book: the way of every change of the accounts, on disk before anybody hears of it."""

import asyncio
from collections.abc import Callable

import structlog

from chat.domain.accounts.directory import AccountEvent, Accounts
from chat.domain.errors import AccountsUnwritable
from chat.storage.json_files.accounts import AccountsFile

Listener = Callable[[AccountEvent], None]

log = structlog.get_logger()


class AccountBook:
    """Accounts and the file that keeps them: decide, write, apply, tell; one change after the other."""

    def __init__(self, accounts: Accounts, file: AccountsFile) -> None:
        self._accounts = accounts
        self._file = file
        self._listeners: dict[Listener, None] = {}
        self._turn = asyncio.Lock()
        self._writes: set[asyncio.Task[AccountEvent]] = set()

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Tell `listener` every fact once it is on disk; returns how to stop that."""
        self._listeners[listener] = None

        def unsubscribe() -> None:
            self._listeners.pop(listener, None)

        return unsubscribe

    async def keep(self, decide: Callable[[], AccountEvent], *, forget: bool = False) -> AccountEvent:
        """Return the fact that `decide` returns when it is on disk and told; to `forget` is to leave no backups.

        Whoever waits may give up: it is finished all the same. Raises `AccountsUnwritable`, and what `decide` raises.
        """
        write = asyncio.create_task(self._write(decide, forget))
        self._writes.add(write)
        write.add_done_callback(self._writes.discard)
        return await asyncio.shield(write)

    async def close(self) -> None:
        """Finish what is being written."""
        await asyncio.gather(*self._writes, return_exceptions=True)

    async def _write(self, decide: Callable[[], AccountEvent], forget: bool) -> AccountEvent:
        async with self._turn:
            event = decide()
            try:
                await asyncio.to_thread(self._file.save, self._accounts.after(event), forget=forget)
            except OSError as problem:
                log.error("accounts can't be written", problem=str(problem))
                raise AccountsUnwritable from None
            self._accounts.apply(event)
        log.info("account written", kind=type(event).__name__, account=event.account.id)
        for listener in list(self._listeners):
            try:
                listener(event)
            except Exception:
                log.exception("a listener failed", kind=type(event).__name__)
        return event
