"""The tests. They keep byte code, whatever the environment says: every worker and server would compile it again."""

import os
import sys

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
