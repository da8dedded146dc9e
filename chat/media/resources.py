"""Limits on what a worker process may use."""

import os
from contextlib import suppress


def limit_resources(seconds: int, memory: int) -> None:
    """Limit this process to seconds of CPU and bytes of address space."""
    with suppress(ImportError, ValueError, OSError):  # Windows has none
        import resource  # noqa: PLC0415

        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def give_way() -> None:
    """Let all other processes go first."""
    with suppress(AttributeError, OSError):  # Windows has no such function
        os.nice(10)
