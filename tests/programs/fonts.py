"""Make the fonts smaller: `python -m tests.programs.fonts FOLDER` (not a test), with fonttools and brotli installed.

`FOLDER` has the files of https://www.npmjs.com/package/@fontsource-variable/inter. Of its weights and features, those
that the chat doesn't use are left out; no character is.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.support.server import ROOT

FONTS = ROOT / "assets" / "vendor" / "inter-5.3.0"
WEIGHTS = "400:700"
FEATURES = "calt,ccmp,kern,locl,mark,mkmk,tnum"


def make_smaller(source: Path, target: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        subset, instance = Path(folder) / "subset.ttf", Path(folder) / "instance.ttf"
        options = ["--unicodes=*", "--name-IDs=*", "--notdef-outline", f"--layout-features={FEATURES}"]
        for command in (
            ["subset", source, *options, f"--output-file={subset}"],
            ["varLib.instancer", subset, f"wght={WEIGHTS}", "-o", instance],
            ["ttLib.woff2", "compress", instance, "-o", target],
        ):
            subprocess.run(["fonttools", *command], check=True)
    print(f"{target.name}: {source.stat().st_size / 1000:.1f} KB before, {target.stat().st_size / 1000:.1f} KB now")


if __name__ == "__main__":
    for font in FONTS.glob("*.woff2"):
        make_smaller(Path(sys.argv[1]) / font.name, font)
