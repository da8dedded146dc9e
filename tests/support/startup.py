"""Programs that refuse to start."""

from pathlib import Path

import pytest

from tests.support.prepared import PreparedServer


def startup_error(tmp_path: Path, **environment: str) -> str:
    """Expect the program to refuse to start and return the single line that it prints."""
    server = PreparedServer(tmp_path / "data", **environment)
    with pytest.raises(AssertionError, match="the server ended with 2"):
        server.start()
    lines = server.output.splitlines()
    assert len(lines) == 1, server.output
    return lines[0]
