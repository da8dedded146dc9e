"""Parametrized matrices: one case always runs, the others only with the marker `exhaustive`."""

import pytest


def sampled(sample: object, *others: object) -> list[object]:
    """Return the cases for `parametrize`, all but the first marked `exhaustive`."""
    return [sample, *(pytest.param(other, marks=pytest.mark.exhaustive) for other in others)]
