"""
Second start to a painted main window: ours beside the stock start script, same official apps and gateways.

    python benchmarks/startup.py [--quick] [--platform offscreen|xcb]

Seconds count from the start of the process to the line it prints once its first frame is on the screen. The
two take turns, so that both meet the same state of the machine; the first starts only warm the disk cache.
Ours shows its window first and then loads the apps; the last column says when those are in the menu, which
for stock is before its window shows.
"""

from __future__ import annotations

import argparse
import sys
from importlib.util import find_spec
from pathlib import Path

from harness import ROOT, Place, Verdict, clean_place, median, print_table, run_child, screen_for

sys.path.insert(0, str(ROOT))

# the checkout need not be installed
from veighna_ext.core.catalogue import OFFICIAL_APPS, gateways
from veighna_ext.core.settings import SettingsStore

LIMIT = 0.8
TIMEOUT = 60.0
EXIT_AFTER_START = {"VEIGHNA_EXT_EXIT_AFTER_START": "1"}

STOCK_SCRIPT = """
from vnpy.event import EventEngine
from vnpy.trader.engine import MainEngine
from vnpy.trader.ui import MainWindow, QtCore, create_qapp
{imports}


class FirstFrame(QtCore.QObject):
    def eventFilter(self, window, event):
        if event.type() == QtCore.QEvent.Type.Paint:
            window.removeEventFilter(self)
            QtCore.QTimer.singleShot(0, self.report)
        return False

    def report(self):
        print('{{"painted": true}}', flush=True)
        main_engine.close()
        qapp.exit(0)


qapp = create_qapp()
event_engine = EventEngine()
main_engine = MainEngine(event_engine)
{adds}
main_window = MainWindow(main_engine, event_engine)
first_frame = FirstFrame()
main_window.installEventFilter(first_frame)
main_window.showMaximized()
qapp.exec()
"""


def stock_script() -> str:
    """The official start script with every app and gateway that our desktop loads from the same packages."""
    apps = [entry for entry in OFFICIAL_APPS if find_spec(entry.package) is not None]
    connections = [entry for entry in gateways() if entry.installed()]
    entries = [*connections, *apps]
    imports = [f"from {entry.package} import {entry.class_name}" for entry in entries]
    adds = [f"main_engine.add_gateway({entry.class_name})" for entry in connections]
    adds += [f"main_engine.add_app({entry.class_name})" for entry in apps]
    return STOCK_SCRIPT.format(imports="\n".join(imports), adds="\n".join(adds))


def commands(place: Place) -> dict[str, list[str]]:
    """How each desktop is started in the folder."""
    script = Path(place.folder) / "stock.py"
    script.write_text(stock_script(), encoding="utf-8")
    SettingsStore(place.folder).update(welcome_seen=True)
    return {"stock": [str(script)], "ours": ["-m", "veighna_ext", "--data-dir", str(place.folder)]}


def main(quick: bool, platform: str) -> int:
    """Alternate the two and compare the medians."""
    verdict = Verdict("startup")
    seconds: dict[str, list[float]] = {"stock": [], "ours": []}
    loaded: dict[str, list[float]] = {"stock": [], "ours": []}
    complaints: dict[str, str] = {}
    with screen_for(platform) as screen, clean_place({**screen, **EXIT_AFTER_START}) as place:
        starts = commands(place)
        for number in range(4 if quick else 12):
            for name, command in starts.items():
                outcome = run_child(command, place, TIMEOUT)
                if not outcome.answer or outcome.exit_code != 0:
                    complaints[name] = (
                        f"exit {outcome.exit_code}, {'a' if outcome.answer else 'no'} line on stdout; "
                        f"{outcome.stderr.strip()[-300:]}"
                    )
                elif number:
                    seconds[name].append(outcome.first_answer_after)
                    loaded[name].append(outcome.answered_after)
    print_table(
        ["desktop", "starts", "window", "fastest", "slowest", "all apps"],
        [
            [
                name,
                str(len(took)),
                *(f"{value:.3f} s" for value in (median(took), min(took, default=0), max(took, default=0))),
                f"{median(loaded[name]):.3f} s",
            ]
            for name, took in seconds.items()
        ],
    )
    for name, complaint in complaints.items():
        print(f"{name} failed to start: {complaint}", file=sys.stderr)
    verdict.figures = {
        name: {"median_s": median(took), "all_apps_s": median(loaded[name]), "all_s": took}
        for name, took in seconds.items()
    }
    verdict.holds("every start succeeded", not complaints, f"{len(complaints)} of 2 desktops failed")
    if seconds["stock"] and seconds["ours"]:
        verdict.at_most(
            "second start, ours / stock", median(seconds["ours"]) / median(seconds["stock"]), LIMIT
        )
    return verdict.finish()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer starts")
    parser.add_argument("--platform", choices=("offscreen", "xcb"), default="offscreen")
    chosen = parser.parse_args()
    sys.exit(main(chosen.quick, chosen.platform))
