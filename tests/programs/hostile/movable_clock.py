"""Run `main.py` with a clock that signals set: SIGUSR1 an hour back, SIGUSR2 an hour forth."""

import runpy
import signal
import sys
import time
from datetime import timedelta
from pathlib import Path

HOUR = 3600

sys.path.insert(0, str(Path.cwd()))
offset = 0
true_time = time.time


def move(seconds: int) -> None:
    global offset  # noqa: PLW0603
    offset += seconds


time.time = lambda: true_time() + offset
signal.signal(signal.SIGUSR1, lambda *_: move(-HOUR))
signal.signal(signal.SIGUSR2, lambda *_: move(HOUR))

from chat.state import clock  # noqa: E402

true_now = clock.now
clock.now = lambda: true_now() + timedelta(seconds=offset)
runpy.run_path("main.py", run_name="__main__")
