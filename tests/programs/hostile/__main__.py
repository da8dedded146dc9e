import asyncio
import sys

from tests.programs.hostile.run import main

if __name__ == "__main__":  # a spawned process imports it, too
    asyncio.run(main(*sys.argv[1:]))
