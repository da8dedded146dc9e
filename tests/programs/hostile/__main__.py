"""Attack running servers while people keep chatting: `python -m tests.programs.hostile [NAME...]`, on Linux.

Prints a Markdown table with the outcome of each attack and its effect on the others. Attackers run in a process of
their own, and have addresses of their own. All settings have their defaults, except the length of a long history.
"""

import asyncio
import sys

from tests.programs.hostile.run import main

if __name__ == "__main__":  # a spawned process imports it, too
    sys.exit(asyncio.run(main(*sys.argv[1:])))
