"""What a patch relies on, as a fingerprint: when an upgrade changes it, look at the change before renewing the hash."""

import inspect
from collections.abc import Callable
from hashlib import sha256
from typing import Any


def source_hash(thing: type | Callable[..., Any]) -> str:
    return sha256(inspect.getsource(thing).encode()).hexdigest()[:12]
