"""Large parametrized matrices: a sample always runs, the rest only with the marker `exhaustive`."""

from collections.abc import Iterable
from typing import Any

import pytest


def sampled(cases: Iterable[Any], every: int) -> list[Any]:
    """Return the cases for `parametrize`; one in `every` runs by default, the others are marked `exhaustive`."""
    return [
        pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=_marks(number % every == 0))
        for number, case in enumerate(cases)
    ]


def _marks(is_sample: bool) -> list[pytest.MarkDecorator]:
    return [] if is_sample else [pytest.mark.exhaustive]
