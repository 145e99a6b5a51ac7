"""When a lesson comes back: the FSRS memory model, and holidays. Time is always an argument.

FSRS (Free Spaced Repetition Scheduler, version 6; Ye, Su and Cao, KDD 2022) estimates from each
recall how long a memory lasts and asks again when the chance of recalling has fallen to nine in
ten. The library is py-fsrs with its default parameters. Its steps of minutes are switched off: a
seller meets at most two cards a day, so the shortest wait is a day.
"""

from __future__ import annotations

from .days import anchor_day, due_day, shift
from .memory import LONGEST_DAYS, RETENTION, Memory, interval, new_memory, outlook, review

__all__ = [
    "LONGEST_DAYS",
    "RETENTION",
    "Memory",
    "anchor_day",
    "due_day",
    "interval",
    "new_memory",
    "outlook",
    "review",
    "shift",
]
