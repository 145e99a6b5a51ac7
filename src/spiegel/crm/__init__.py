r"""Exports of CRMs in, deals out, with what was understood: read, understand, deals.

>>> table = read(b"Deal ID,Deal name,Stage\\n7,Mill,Won\\n")
>>> understand(table).stage_types["won"]
1
"""

from .doubts import Doubt
from .events import Event, EventReading, events
from .headers import recognise
from .history import Entry
from .identity import KeyOption
from .read import Row, Rows, Table, read
from .rows import DealRow, Reading, Rejection, deals, deals_with_cells
from .source import MAX_BYTES, Source
from .system import EVENT_FIELDS, EVENT_KINDS, FIELDS, STAGE_TYPES, System, systems
from .understand import Answers, Stage, Understanding, understand
from .understand_events import EventsUnderstanding, tells_events, understand_events
from .values import Amount, Decision

__all__ = [
    "EVENT_FIELDS",
    "EVENT_KINDS",
    "FIELDS",
    "MAX_BYTES",
    "STAGE_TYPES",
    "Amount",
    "Answers",
    "DealRow",
    "Decision",
    "Doubt",
    "Entry",
    "Event",
    "EventReading",
    "EventsUnderstanding",
    "KeyOption",
    "Reading",
    "Rejection",
    "Row",
    "Rows",
    "Source",
    "Stage",
    "System",
    "Table",
    "Understanding",
    "deals",
    "deals_with_cells",
    "events",
    "read",
    "recognise",
    "systems",
    "tells_events",
    "understand",
    "understand_events",
]
