"""What in the vital signs a trader should worry about, in words, with what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from veighna_ext.core.i18n import _
from veighna_ext.core.vitals import Vitals

BACKLOG_EVENTS = 1_000
BEHIND_SECONDS = 1.0
LATE_MS = 100
STUCK_SECONDS = 1.0
GROWING_SAMPLES = 3
LOOK_BACK = 12
"""More samples than one lag window holds seconds, so that the oldest and the newest share no stall."""


@dataclass(frozen=True)
class Concern:
    """One thing that is wrong, and what helps."""

    text: str
    advice: str


def concerns(recent: Sequence[Vitals]) -> list[Concern]:
    """What the latest samples (oldest first) give reason to worry about, worst first."""
    if not recent:
        return []
    now = recent[-1]
    found = []
    if now.running and now.running_for > STUCK_SECONDS:
        found.append(
            Concern(
                _("{handler} has been busy for {seconds:.0f} s").format(
                    handler=now.running, seconds=now.running_for
                ),
                _(
                    "While it works no other event is handled: no prices, no fills. If it does not end, "
                    "stop the strategy or app it belongs to."
                ),
            )
        )
    if _falling_behind(recent):
        found.append(
            Concern(
                _("{count:,} events are waiting").format(count=now.queue_depth),
                _(
                    "Events come faster than they are handled, so prices and fills are seen late. "
                    "See which handlers are slow "
                    "in the performance panel; unsubscribe from contracts or stop a slow strategy."
                ),
            )
        )
    if _keeps_being_late(recent):
        found.append(
            Concern(
                _("The window reacts {milliseconds:,.0f} ms late").format(milliseconds=now.lag_p99_ms),
                _(
                    "Something keeps the window's thread busy. Close tables, charts and app windows "
                    "you do not need; "
                    "the performance panel shows what is running."
                ),
            )
        )
    return found


def _falling_behind(recent: Sequence[Vitals]) -> bool:
    now = recent[-1]
    if now.queue_depth < BACKLOG_EVENTS:
        return False
    if now.queue_depth > BEHIND_SECONDS * max(1.0, now.events_per_second):
        return True
    depths = [vitals.queue_depth for vitals in recent[-GROWING_SAMPLES:]]
    return len(depths) == GROWING_SAMPLES and all(earlier < later for earlier, later in pairwise(depths))


def _keeps_being_late(recent: Sequence[Vitals]) -> bool:
    """One hitch, as when a window is built, is no reason to warn; hitch after hitch or a freeze is."""
    now = recent[-1]
    if now.lag_p50_ms > LATE_MS:
        return True
    earlier = recent[-LOOK_BACK:][0]
    return len(recent) >= LOOK_BACK and min(now.lag_p99_ms, earlier.lag_p99_ms) > LATE_MS
