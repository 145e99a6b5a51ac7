"""What the engine's codes say, in the reader's language: refusals, rejected rows, doubts, fields.

The engine's own sentences are English; each code has its translation here, made from the same
data. A test goes through every code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from spiegel.crm.dates import parse_date
from spiegel_portal.deals.models import StageType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import Promise

#: What the columns of a file can hold.
FIELDS: dict[str, str | Promise] = {
    "external_id": gettext_lazy("Id in the CRM"),
    "name": gettext_lazy("Name of the deal"),
    "account": gettext_lazy("Customer"),
    "product": gettext_lazy("Product"),
    "owner": gettext_lazy("Owner"),
    "owner_email": gettext_lazy("Owner's e-mail address"),
    "stage": gettext_lazy("Stage"),
    "status": gettext_lazy("Status (open, won, lost)"),
    "amount": gettext_lazy("Amount"),
    "currency": gettext_lazy("Currency"),
    "created_on": gettext_lazy("Created on"),
    "close_date": gettext_lazy("Closing date (expected or actual)"),
    "expected_close_on": gettext_lazy("Expected to close on"),
    "closed_on": gettext_lazy("Closed on"),
    "reason": gettext_lazy("Reason it was lost"),
    "next_step": gettext_lazy("Next step"),
    "is_won": gettext_lazy("Won: yes or no"),
    "is_closed": gettext_lazy("Closed: yes or no"),
    "is_deleted": gettext_lazy("Deleted: yes or no"),
    "probability": gettext_lazy("Probability"),
    "weighted_amount": gettext_lazy("Expected revenue (weighted)"),
}

#: Stage types as a file has them, with those still to be asked.
STAGE_TYPES: dict[str, str | Promise] = {
    **{kind.value: kind.label for kind in StageType},
    "unknown": gettext_lazy("Not yet known"),
}

_REFUSALS: dict[str, str | Promise] = {
    "too-large": gettext_lazy(
        "This file is too large: %(size)s bytes, where %(limit)s is the most. Export fewer "
        "columns, or one year at a time."
    ),
    "empty": gettext_lazy("This file is empty. An export has a header and a row per deal."),
    "pdf": gettext_lazy("This is a PDF, not a table. Export the deals as CSV or Excel."),
    "old-workbook": gettext_lazy(
        "This is a spreadsheet of another kind than .xlsx. Open it and save it as .xlsx or CSV."
    ),
    "encrypted": gettext_lazy(
        "This workbook is protected with a password. Save it without one, or as CSV."
    ),
    "macros": gettext_lazy(
        "This workbook holds macros, which Spiegel does not open. Save it as .xlsx or CSV."
    ),
    "workbook-damaged": gettext_lazy(
        "This Excel workbook is damaged and cannot be opened. Export it again, or save it as CSV."
    ),
    "zip-bomb": gettext_lazy(
        "This workbook unpacks to %(size)s bytes, which is more than can be read. Save the sheet "
        "with the deals as CSV."
    ),
    "zip": gettext_lazy("This file is compressed. Unpack it first and choose the file in it."),
    "binary": gettext_lazy("This file holds no text. Export the deals as CSV or Excel."),
    "json": gettext_lazy("This is JSON, not a table. Export the deals as CSV or Excel."),
    "line-too-long": gettext_lazy(
        "A line of this file has more than %(limit)s bytes. That is no table of deals."
    ),
    "html": gettext_lazy(
        "This is a web page saved under the name of a table. Download the export itself."
    ),
    "not-a-table": gettext_lazy(
        "No columns were found in this file. In a CSV file the cells of a row are separated by a "
        "comma, a semicolon, a tab or a vertical bar."
    ),
    "open-quote": gettext_lazy("The quotation mark that opens on line %(line)s is never closed."),
    "cell-too-long": gettext_lazy(
        "One cell has more than %(limit)s characters: a quotation mark is probably not closed."
    ),
    "only-a-header": gettext_lazy("This file has a header, but no rows below it."),
    "file-gone": gettext_lazy("The file is no longer kept. Upload it again."),
    "header-twice": gettext_lazy(
        "The column “%(header)s” is chosen twice. Give each its own column."
    ),
    "questions-open": gettext_lazy(
        "Something about this file is not answered any more. Upload it again."
    ),
}
_OTHER_REFUSAL = gettext_lazy("Something went wrong while reading this file. Nothing was changed.")

_REJECTIONS: dict[str, str | Promise] = {
    "no-id": gettext_lazy("This row has no id, so it could not be recognised later."),
    "id-twice": gettext_lazy("The id %(id)s is already on line %(first)s; that row was taken."),
    "id-too-long": gettext_lazy("The id is longer than 100 characters."),
    "no-name": gettext_lazy("This row has no name for the deal."),
    "no-stage": gettext_lazy("This row has no stage, so how the deal stands is unknown."),
    "date-unreadable": gettext_lazy("“%(value)s” under %(header)s is not a date as in this file."),
    "amount-unreadable": gettext_lazy(
        "“%(value)s” under %(header)s is not an amount with “%(sign)s” before the decimals."
    ),
    "amount-too-large": gettext_lazy(
        "The amount %(value)s under %(header)s is a thousand billion or more."
    ),
    "currency-unreadable": gettext_lazy(
        "“%(value)s” under %(header)s is not a currency; write a code such as EUR."
    ),
    "too-many-cells": gettext_lazy("This row has %(cells)s cells where the header has %(header)s."),
    "key-twice": gettext_lazy(
        "This row has the same %(headers)s as line %(first)s; that row was taken."
    ),
    "no-deal": gettext_lazy("This row does not say which deal it is about."),
    "no-date": gettext_lazy("This row does not say when it happened."),
    "no-such-deal": gettext_lazy("There is no deal “%(deal)s” here."),
    "deal-ambiguous": gettext_lazy(
        "There are several deals “%(deal)s” here. Add a column with the id."
    ),
    "deleted": gettext_lazy("This deal is deleted in the CRM."),
    "id-rounded": gettext_lazy(
        "A spreadsheet has rounded the id %(id)s, so it is no id any more. Export again, or open "
        "the file with that column as text."
    ),
    "year-unlikely": gettext_lazy(
        "“%(value)s” under %(header)s has the year %(year)s, which cannot be meant."
    ),
    "not-yours": gettext_lazy("This deal is not one of yours, so your import leaves it alone."),
}

_DOUBTS: dict[str, str | Promise] = {
    "date-order-unsure": gettext_lazy(
        "No date in this file shows for sure which number is the day. Look whether the order "
        "below is right: %(count)s dates follow it."
    ),
    "date-order-mixed": gettext_lazy(
        "%(count)s dates can only be read the chosen way, but %(against)s only the other way "
        "round. Those rows are rejected."
    ),
    "decimal-sign-unsure": gettext_lazy(
        "No amount in this file shows for sure which sign comes before the decimals. Look whether "
        "the choice below is right: %(count)s amounts follow it."
    ),
    "decimal-sign-mixed": gettext_lazy(
        "%(count)s amounts can only be read the chosen way, but %(against)s only the other way "
        "round. Those rows are rejected."
    ),
    "several-currencies": gettext_lazy(
        "The amounts are in several currencies (%(currencies)s). They are not converted."
    ),
    "many-rejected": gettext_lazy(
        "%(count)s rows are not taken. The first %(shown)s of them are kept with the reason."
    ),
    "rows-equal": gettext_lazy(
        "Equal to an earlier row in every column: %(count)s (lines %(lines)s). They all come in, "
        "unless you choose below what tells deals apart."
    ),
    "lost-archived": gettext_lazy(
        "There is no lost deal in this file. %(system)s archives lost deals: export again with "
        "archived deals included."
    ),
    "no-lost-deals": gettext_lazy(
        "There is no lost deal in this file. Look whether the export left them out."
    ),
    "lost-or-parked": gettext_lazy(
        "In %(system)s deals are sometimes closed as lost that are only parked. Look at the "
        "reasons: %(reasons)s."
    ),
    "lines-before-header": gettext_lazy(
        "Lines above the header, passed over: %(count)s (lines %(lines)s)."
    ),
    "header-repeated": gettext_lazy(
        "Lines that repeat the header, passed over: %(count)s (lines %(lines)s)."
    ),
    "footer": gettext_lazy(
        "Lines with totals or small print, passed over: %(count)s (lines %(lines)s)."
    ),
    "other-sheets": gettext_lazy("The sheet “%(sheet)s” is read. Not read: %(others)s."),
    "broken-characters": gettext_lazy(
        "%(count)s characters of this file could not be read; they show as a diamond."
    ),
    "stage-differs": gettext_lazy(
        "The stage says something else than the status: %(count)s (lines %(lines)s). The status "
        "counts."
    ),
    "won-at-first-stage": gettext_lazy(
        "Won while still in a first stage: %(count)s (lines %(lines)s)."
    ),
    "won-probability": gettext_lazy(
        "Won, without a probability of 100: %(count)s (lines %(lines)s)."
    ),
    "open-probability": gettext_lazy(
        "Open, with a probability of 0 or 100: %(count)s (lines %(lines)s)."
    ),
    "expected-above-amount": gettext_lazy(
        "Expected revenue above the amount: %(count)s (lines %(lines)s)."
    ),
    "closed-in-future": gettext_lazy(
        "Ended, but closing after today: %(count)s (lines %(lines)s)."
    ),
    "overdue": gettext_lazy(
        "Open, and past the date on which they should close: %(count)s (lines %(lines)s)."
    ),
    "overdue-by-a-year": gettext_lazy(
        "Open, and should have closed more than a year ago: %(count)s (lines %(lines)s)."
    ),
    "no-id-column": gettext_lazy(
        "There is no column with an id, so a later export of these deals cannot update them."
    ),
    "no-reason-column": gettext_lazy(
        "There is no column that says why a deal was lost. Spiegel does not make one up."
    ),
    "name-derived": gettext_lazy(
        "There is no column with names of deals. They are named after %(headers)s."
    ),
    "closed-before-created": gettext_lazy(
        "Closed before they were created: %(count)s (lines %(lines)s). They come in as they are."
    ),
    "won-without-amount": gettext_lazy(
        "Won, with an amount of 0 or none: %(count)s (lines %(lines)s)."
    ),
    "ended-without-date": gettext_lazy(
        "Ended, without a closing date: %(count)s (lines %(lines)s)."
    ),
}

#: What an event can be.
EVENT_KINDS: dict[str, str | Promise] = {
    "stage": gettext_lazy("Changes of stage"),
    "date": gettext_lazy("Moved close dates"),
    "amount": gettext_lazy("Changed amounts"),
    "owner": gettext_lazy("Changes of owner"),
    "note": gettext_lazy("Notes"),
    "meeting": gettext_lazy("Meetings"),
    "call": gettext_lazy("Calls"),
    "mail": gettext_lazy("Mails"),
    "task": gettext_lazy("Tasks"),
}

#: What the columns of a file with events can hold.
EVENT_FIELDS: dict[str, str | Promise] = {
    "deal_id": gettext_lazy("Id of the deal"),
    "deal_name": gettext_lazy("Name of the deal"),
    "at": gettext_lazy("When"),
    "kind": gettext_lazy("What it was"),
    "field": gettext_lazy("What changed"),
    "before": gettext_lazy("Before"),
    "after": gettext_lazy("After"),
    "stage": gettext_lazy("Stage"),
    "amount": gettext_lazy("Amount"),
    "close_date": gettext_lazy("Closing date (expected or actual)"),
    "subject": gettext_lazy("Subject"),
    "text": gettext_lazy("Text"),
    "author": gettext_lazy("Who did it"),
}

#: Why an undone import left a deal where it was.
KEPT: dict[str, str | Promise] = {
    "worked-on": gettext_lazy("somebody has worked on it since"),
    "later-import": gettext_lazy("a later import changed it"),
    "changed-since": gettext_lazy("it was changed since, so some of it stays as it is"),
}


def refusal(code: str, data: Mapping[str, Any]) -> str:
    """Say why a file or an import was refused, as one sentence or two."""
    return str(_REFUSALS.get(code, _OTHER_REFUSAL)) % _shown(data)


def rejection(code: str, data: Mapping[str, Any]) -> str:
    """Say why a row was not taken."""
    return str(_REJECTIONS[code]) % _shown(data)


def doubt(code: str, data: Mapping[str, Any]) -> str:
    """Say what a person should look at before an import."""
    return str(_DOUBTS[code]) % _shown(data)


def key_option(option: Mapping[str, Any]) -> str:
    """Say what tells deals apart under a key, and how many rows it would merge."""
    fields = ", ".join(str(FIELDS[name]) for name in option["fields"])
    if not option["merged"]:
        return _("%(fields)s: every row is another deal") % {"fields": fields}
    lines = ", ".join(f"{first} = {line}" for first, line in option["examples"])
    return _("%(fields)s: rows that are an earlier deal: %(count)s (lines %(lines)s)") % {
        "fields": fields, "count": option["merged"], "lines": lines,
    }  # fmt: skip


def decided_dates(decision: Mapping[str, Any]) -> str:
    """Say how the order of dates was decided."""
    if decision["choice"] == "ymd":
        return _("The dates begin with the year, so there is no doubt about them.")
    if decision["decided_by"] and decision.get("example"):
        return _(
            "Dates that can only be read this way: %(count)s. So “%(example)s” is %(day)s."
        ) % {
            "count": decision["decided_by"],
            "example": decision["example"],
            "day": _day(decision),
        }
    if decision["decided_by"]:
        return _("Dates that can only be read this way: %(count)s.") % {
            "count": decision["decided_by"]
        }
    return _("Every date in this file could be read both ways.")


def _day(decision: Mapping[str, Any]) -> str:
    try:
        day = parse_date(decision["example"], decision["choice"])
    except ValueError:
        return "?"
    return date_format(day, "j F Y")


def decided_amounts(decision: Mapping[str, Any]) -> str:
    """Say how the decimal sign was decided."""
    if decision["decided_by"]:
        return _("Amounts that can only be read this way: %(count)s.") % {
            "count": decision["decided_by"]
        }
    return _("Every amount in this file could be read both ways.")


def _shown(data: Mapping[str, Any]) -> dict[str, Any]:
    """Keep values from a file short enough to read."""
    return {name: value[:80] if isinstance(value, str) else value for name, value in data.items()}
