"""Try the scenes in each engine and print a table for `chat/README.md`: `python -m tests.programs.engines`."""

import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from datetime import date
from pathlib import Path

from tests.support.server import ROOT

FOLDER = "tests/engines"
NAMES = {
    "chromium": "Chromium",
    "firefox": "Firefox",
    "webkit": "WebKitGTK",
    "webkit_without_anchors": "WebKitGTK without anchor positioning",
}

Results = dict[tuple[str, str], bool]
"""Whether a scene passed in an engine, in each of its cases."""


def main() -> None:
    """Run the scenes and print which passed where."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.xml")
        command = [sys.executable, "-m", "pytest", "-m", "exhaustive", "-q", f"--junitxml={report}", FOLDER]
        subprocess.run(command, cwd=ROOT, stdout=sys.stderr, check=False)
        results, versions = read(ET.parse(report))
    print("\n".join(table(results, versions)))


def read(report: ET.ElementTree) -> tuple[Results, dict[str, str]]:
    """Return the results, and the version of each engine."""
    results: Results = {}
    versions: dict[str, str] = {}
    for case in report.iter("testcase"):
        name, _, parameters = case.attrib["name"].partition("[")
        engine = next((part for part in parameters.rstrip("]").split("-") if part in NAMES), None)
        if engine is None:
            continue
        scene = name.removeprefix("test_").replace("_", " ").capitalize()
        passed = case.find("failure") is None and case.find("error") is None
        results[scene, engine] = results.get((scene, engine), True) and passed
        for version in case.iterfind("properties/property[@name='version']"):
            versions[engine] = version.attrib["value"]
    return results, versions


def table(results: Results, versions: dict[str, str]) -> list[str]:
    """Return the lines of a table: a row for each scene, a column for each engine."""
    engines = [engine for engine in NAMES if any(engine == tried for _, tried in results)]
    marks = {True: "✓", False: "✗", None: ""}
    heads = [f"{NAMES[engine]} {versions.get(engine, '')}".strip() for engine in engines]
    rows = [
        [scene, *(marks[results.get((scene, engine))] for engine in engines)]
        for scene in sorted({scene for scene, _ in results})
    ]
    return [
        f"| {date.today()} | {' | '.join(heads)} |",
        f"|---|{'---|' * len(engines)}",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]


if __name__ == "__main__":
    main()
