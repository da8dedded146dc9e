"""The table of the load test."""

import os
import platform
from datetime import UTC, datetime
from statistics import median
from typing import TYPE_CHECKING

import nicegui

from tests.programs.load_history import HISTORY, LARGE
from tests.programs.load_page import TEXT
from tests.programs.load_side import KINDS, Side
from tests.programs.load_slope import MAX_OF_NICEGUI

if TYPE_CHECKING:
    from tests.programs.load import Run


def report(run: "Run") -> str:
    """Return the table, followed by the date and machine of the measurement."""
    app, floor = run.app, run.floor
    pairs = zip(app.cpu_per_delivery, floor.cpu_per_delivery, strict=True)
    ratio, spread = median(a / f for a, f in pairs), app.latency(99) / app.latency(50)
    deliveries = [f"{median(side.cpu_per_delivery) * 1e6:.0f} µs" for side in (app, floor)]
    latencies = [" / ".join(f"{s.latency(p) * 1e3:.1f}" for p in (50, 99, 100)) + " ms" for s in (app, floor)]
    rows = [
        ("CPU per delivery", *deliveries, f"{ratio:.2f} of at most 1.25 × floor", ratio <= 1.25),
        ("latency, p50 / p99 / max", *latencies, f"p99 is {spread:.1f} of at most 3 × p50", spread <= 3),
        _row("bytes per delivery", median(app.sizes), median(floor.sizes), 600, "B"),
        _row("memory per page", app.memory_per_page / 1e3, floor.memory_per_page / 1e3, 200, "KB"),
        _row("CPU per page load", app.cpu_per_page * 1e3, floor.cpu_per_page * 1e3, None, "ms"),
        _nicegui_row(app, run.nicegui),
        _row("idle, of one core", app.idle * 100, floor.idle * 100, 1.5, "%"),
        _row("join storm, until all see all", app.storm, floor.storm, None, "s"),
        _row("join storm, CPU", app.storm_cpu, floor.storm_cpu, None, "s"),
        *(_kind_row(app, kind) for kind in KINDS),
        _row(f"with {LARGE:,} messages: CPU per page load", run.large_cpu_per_page * 1e3, None, 10, "ms"),
        _row(f"with {LARGE:,} messages: CPU per post", run.large_cpu_per_post * 1e3, None, 5, "ms"),
    ]
    labels = {True: "yes", False: "**no**", None: ""}
    lines = [f"| {' | '.join(row[:-1])} | {labels[row[-1]]} |" for row in rows]
    table = "\n".join(("| figure | app | floor | limit | reached |", "|---|---|---|---|---|", *lines))
    versions = f"Python {platform.python_version()}, NiceGUI {nicegui.__version__}"
    return (
        f"{table}\n\n{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores ({platform.machine()}), {versions}: "
        f"{run.options.pages} pages, {HISTORY} messages of history (half of it formatted), "
        f"{run.options.messages} messages of {len(TEXT)} characters at {run.options.rate:g} per second."
    )


def _nicegui_row(app: Side, nicegui: Side) -> tuple:
    """Compare a page load with that of a page of NiceGUI that has a label and a form."""
    shown = [f"{side.cpu_per_page * 1e3:.1f} ms" for side in (app, nicegui)]
    ratio = app.cpu_per_page / nicegui.cpu_per_page
    limit = f"{ratio:.2f} of at most {MAX_OF_NICEGUI} × NiceGUI's"
    return "CPU per page load, next to NiceGUI", *shown, limit, ratio <= MAX_OF_NICEGUI


def _kind_row(app: Side, kind: str) -> tuple:
    """Compare a kind of change with the new messages of the same round."""
    ratio = median(a / b for a, b in zip(app.cpu_by_kind[kind], app.cpu_per_delivery, strict=True))
    cpu = f"{median(app.cpu_by_kind[kind]) * 1e6:.0f} µs"
    return f"CPU per delivery, {kind}", cpu, "", f"{ratio:.2f} of at most 1 × a new message", ratio <= 1


def _row(figure: str, app: float, floor: float | None, limit: float | None, unit: str) -> tuple:
    shown = ["" if value is None else f"{value:.{0 if value >= 100 else 1}f} {unit}" for value in (app, floor)]
    return (
        figure,
        *shown,
        "" if limit is None else f"at most {limit:g} {unit}",
        None if limit is None else app <= limit,
    )
