"""Matrices of cases, of which one runs always and the others only with the marker `exhaustive`."""

import pytest


def sampled(sample: object, *others: object) -> list[object]:
    """Return the cases for `parametrize`, all but the first marked as exhaustive."""
    return [sample, *(pytest.param(other, marks=pytest.mark.exhaustive) for other in others)]
