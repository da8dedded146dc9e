"""The line that says why something was refused, until the cause ends."""

import asyncio
import math
from collections.abc import Callable

from chat.domain.errors import ChatError
from chat.framework.elements import HtmlElement
from chat.state.refusals import ENDS_OF_CAUSES, current_refusal
from chat.ui.page_context import PageContext

SECONDS_SHOWN = 120  # longer times are shown in minutes


class RefusalLine:
    """Shows a problem in an element, with a time that counts down, and removes it when its cause ends.

    `build` returns the element, at the first problem; `on_end` is called when a cause has ended.
    """

    def __init__(self, page: PageContext, build: Callable[[], HtmlElement], on_end: Callable[[], None]) -> None:
        self._page = page
        self._build = build
        self._on_end = on_end
        self._element: HtmlElement | None = None
        self._deadline = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._unsubscribe: Callable[[], None] | None = None
        self.problem: ChatError | None = None

    def show(self, problem: ChatError | None) -> None:
        """Show a problem; None removes it."""
        self._stop()
        self.problem = problem
        if problem:
            self._unsubscribe = self._page.shown.subscribe(
                lambda _event: self._check(), *ENDS_OF_CAUSES, everywhere=True
            )
            self._deadline = _now() + int(problem.details.get("left", 0))
            self._wait()
        self._show(self._page.error_message(problem) if problem else "", is_new=True)

    def _show(self, text: str, *, is_new: bool) -> None:
        if self._element is None and text:
            self._element = self._build()
            self._page.client.on_delete(self._stop)
        if self._element and self._element.props.get("textContent", "") != text:
            # Screen readers read out a new problem, but not each second of its time.
            self._element.set("aria-live", "assertive" if is_new else "off")
            self._element.show(text)

    def _wait(self) -> None:
        """Check again when the shown time changes."""
        if self.problem and self.problem.details.get("left"):
            left = self._deadline - _now()
            pause = 1.0 if left <= SECONDS_SHOWN + 1 else min(60.0, left - SECONDS_SHOWN)
            self._timer = asyncio.get_running_loop().call_later(pause, self._check)

    def _check(self) -> None:
        if self.problem is None or self._element is None or self._element.is_deleted:
            self._stop()
            return
        current = current_refusal(self._page.chat, self._page.room, self._page.member_id, self.problem)
        if current is self.problem and current.details.get("left"):
            left = math.ceil(self._deadline - _now())
            current.details["left"] = left
            current = current if left > 0 else None
        if current is None:
            self.show(None)
            self._on_end()
        else:
            self._update(current)

    def _update(self, current: ChatError) -> None:
        if self._timer:
            self._timer.cancel()
        self.problem = current
        self._deadline = _now() + int(current.details.get("left", 0))
        self._show(self._page.error_message(current), is_new=False)
        self._wait()

    def _stop(self) -> None:
        self.problem = None
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if self._unsubscribe:
            self._unsubscribe()
            self._unsubscribe = None


def _now() -> float:
    return asyncio.get_running_loop().time()
