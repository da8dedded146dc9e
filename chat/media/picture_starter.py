"""A process that has pictures made anew, each in a fork of its own: `python -m chat.media.picture_starter SECONDS`.

They come from strangers, and decoders have bugs: a fork has little time and memory, and ends after one picture.
Starting Python and loading the decoders for each would take longer than most pictures, and delay people who chat.

It reads a line of JSON for each picture, the arguments of `make`, and prints one: what `make` returns, or null.
"""

import json
import multiprocessing
import os
import sys
from multiprocessing.connection import Connection
from typing import Any

from chat.media.picture_worker import load_decoders, make
from chat.media.resources import give_way

MAX_ANSWER = 10_000  # bytes
CAN_FORK = "fork" in multiprocessing.get_all_start_methods()  # not on Windows


def main(seconds: str) -> None:
    give_way()
    load_decoders()
    processes = multiprocessing.get_context("fork") if CAN_FORK else multiprocessing.get_context("spawn")
    for line in sys.stdin:  # which ends with the chat
        answer, worker_end = processes.Pipe(duplex=False)
        worker = processes.Process(target=_work, args=(worker_end, json.loads(line)))
        worker.start()
        worker_end.close()
        print(json.dumps(_received(answer, float(seconds))), flush=True)  # noqa: T201 - read by the chat
        worker.kill()
        worker.join()


def _received(answer: Connection, seconds: float) -> Any:
    """Return what a worker says; None if it takes too long, ran out of memory, or crashed."""
    with answer:
        try:
            return json.loads(answer.recv_bytes(MAX_ANSWER)) if answer.poll(seconds) else None
        except (EOFError, OSError, ValueError):
            return None


def _work(answer: Connection, job: dict[str, Any]) -> None:
    with open(os.devnull, "r+b") as nothing:  # noqa: PTH123 - what the chat says and hears is not for this process
        for stream in (0, 1):
            os.dup2(nothing.fileno(), stream)
    answer.send_bytes(json.dumps(make(**job)).encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
