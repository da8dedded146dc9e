"""The system's clock, which an operator sets while people chat."""

import asyncio
from collections import Counter
from signal import SIGUSR1, SIGUSR2

from tests.programs.hostile.attacker import Attacker, server_process


async def clock_set_an_hour_back_and_forth(attacker: Attacker) -> Counter[str]:
    """Set the clock back and forth; each time, people with a session load the page, and others join."""
    outcome: Counter[str] = Counter()
    server = server_process(attacker.url)
    await attacker.join()
    cookies = list(attacker.http.cookie_jar)
    for change in (SIGUSR1, SIGUSR2, SIGUSR2, SIGUSR1) * 2:
        server.send_signal(change)
        outcome["sessions kept" if (await attacker.page()).is_room else "SESSIONS LOST"] += 1
        attacker.http.cookie_jar.clear()
        outcome["joined" if (await attacker.join()).is_room else "NOT JOINED"] += 1
        attacker.http.cookie_jar.clear()
        attacker.http.cookie_jar.update_cookies({cookie.key: cookie.value for cookie in cookies})
        await asyncio.sleep(1)
    return outcome
