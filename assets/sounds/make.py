"""The sounds of the chat, made from sines: `python assets/sounds/make.py` writes them beside this file.

They belong to the chat, under its licence. 16 bit, mono, 22,050 samples a second.
"""

import math
import wave
from array import array
from pathlib import Path

RATE = 22_050
Partial = tuple[float, float, float, float, float]
"""Start (s), frequency at the start and in the end (Hz), loudness (of 1), time until it is a third as loud (s)."""

SOUNDS: dict[str, list[Partial]] = {
    "drop": [(0.0, 620, 1240, 0.6, 0.05)],
    "chime": [(0.0, 880, 880, 0.4, 0.12), (0.0, 1760, 1760, 0.1, 0.06), (0.11, 1318.5, 1318.5, 0.4, 0.18)],
    "knock": [(0.0, 240, 150, 0.8, 0.025), (0.13, 260, 160, 0.7, 0.025)],
    "bell": [(0.0, 1046.5, 1046.5, 0.4, 0.25), (0.0, 2825, 2825, 0.12, 0.1), (0.0, 5651, 5651, 0.05, 0.04)],
}
GLIDE = 0.12  # s, from the first frequency to the last
ATTACK = 0.004  # s; without it, there is a click


def samples(partials: list[Partial]) -> "array[int]":
    """The sound of these partials, until it is 60 dB down."""
    length = max(start + 7 * decay for start, _, _, _, decay in partials)
    mixed = [0.0] * int(length * RATE)
    for start, first, last, loudness, decay in partials:
        phase = 0.0
        for number in range(int(start * RATE), len(mixed)):
            t = number / RATE - start
            phase += 2 * math.pi * (first + (last - first) * min(t / GLIDE, 1)) / RATE
            mixed[number] += loudness * min(t / ATTACK, 1) * math.exp(-t / decay) * math.sin(phase)
    return array("h", (round(32_767 * max(-1, min(1, value))) for value in mixed))


def write(path: Path, partials: list[Partial]) -> None:
    """Write one sound as a WAV file."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples(partials).tobytes())


if __name__ == "__main__":
    for name, sound in SOUNDS.items():
        write(Path(__file__).with_name(f"{name}.wav"), sound)
