"""The sounds: made by the program beside them, and short."""

import runpy
import wave
from pathlib import Path

import pytest

from chat.domain.accounts.preference_choices import NotificationSound

SOUNDS = Path(__file__).parents[2] / "assets" / "sounds"


@pytest.mark.parametrize("tone", list(NotificationSound))
def test_every_sound_is_short_and_loud_enough_and_begins_and_ends_softly(tone: NotificationSound):
    with wave.open(str(SOUNDS / f"{tone}.wav")) as file:
        seconds = file.getnframes() / file.getframerate()
        samples = memoryview(file.readframes(file.getnframes())).cast("h").tolist()
    assert 0.1 < seconds < 2
    assert 10_000 < max(map(abs, samples)) < 32_000
    assert abs(samples[0]) < 100
    assert abs(samples[-1]) < 300


def test_they_are_what_their_program_makes(tmp_path: Path):
    program = runpy.run_path(str(SOUNDS / "make.py"))
    assert set(program["SOUNDS"]) == set(NotificationSound)
    for name, partials in program["SOUNDS"].items():
        program["write"](tmp_path / name, partials)
        assert (tmp_path / name).read_bytes() == (SOUNDS / f"{name}.wav").read_bytes()
