"""HubSpot over real HTTP: every page, history, changes, archived and merged deals."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tests.factories import make_debrief
from tests.spiegel_portal.deals.connections.helpers import connected, deals, read, timeline

from spiegel_portal.deals.models import Connection, Deal, DealEvent

if TYPE_CHECKING:
    from tests.conftest import House
    from tests.crm_servers.hubspot import HubSpotServer
    from tests.crm_servers.server import Asked


def test_every_page_is_read_and_the_history_with_it(scoped: House, hubspot: HubSpotServer) -> None:
    for known in range(1, 121):
        hubspot.put(known)
    hubspot.put(7, amount="900", closedate="2026-03-31T10:00:00Z", hubspot_owner_id="9")
    hubspot.put(7, "s2", amount="1250.5", closedate="2026-04-30T10:00:00Z")
    hubspot.put(7, "s4", closed_lost_reason="Price")
    connection = read(connected(scoped, hubspot))
    assert Deal.objects.count() == 120
    deal = Deal.objects.get(external_id="7")
    assert (str(deal.stage), deal.stage_type, deal.crm_reason) == ("Closed lost", "lost", "Price")
    assert (deal.account, deal.owner, deal.closed_on) == (
        "Mill Ltd",
        scoped.owner,
        date(2026, 4, 30),
    )
    assert deal.stage_since == date(2026, 1, 5)
    assert timeline("7") == [
        ("01-05 08:07", "stage", "", "Demo"),
        ("01-05 10:02", "amount", "900.00", "1250.50"),
        ("01-05 10:02", "date", "2026-03-31", "2026-04-30"),
        ("01-05 10:02", "stage", "Demo", "Offer"),
        ("01-05 10:03", "stage", "Offer", "Closed lost"),
        ("01-05 11:00", "created", "", ""),
    ]
    assert connection.state == Connection.State.READY
    assert (connection.problem, connection.last_counts["new"]) == ("", 120)
    assert hubspot.paths().count("POST /crm/v3/objects/0-3/search") == 3


def test_only_what_changed_is_read_the_next_time(scoped: House, hubspot: HubSpotServer) -> None:
    for known in (1, 2, 3):
        hubspot.put(known)
    connection = read(connected(scoped, hubspot))
    hubspot.now = int(connection.cursor["since"]) + 1
    hubspot.put(2, "s3")
    connection = read(connection)
    assert {k: connection.last_counts[k] for k in ("new", "updated", "unchanged")} == {
        "new": 0,
        "updated": 1,
        "unchanged": 0,
    }
    assert deals("hubspot")["2"] == ("Closed won", "won")
    stages = [event for event in timeline("2") if event[1] == "stage"]
    assert [event[2:] for event in stages] == [("", "Demo"), ("Demo", "Closed won")]


def test_reading_again_doubles_nothing(scoped: House, hubspot: HubSpotServer) -> None:
    hubspot.put(1)
    hubspot.put(1, "s2")
    connection = read(connected(scoped, hubspot))
    before = (timeline("1"), Deal.objects.get().version)
    Connection.objects.update(cursor={})
    assert read(connection).last_counts["unchanged"] == 1
    assert (timeline("1"), Deal.objects.get().version) == before


def test_an_archived_deal_goes_and_one_that_was_worked_on_stays(
    scoped: House, hubspot: HubSpotServer
) -> None:
    for known in (1, 2, 3, 4):
        hubspot.put(known)
    connection = read(connected(scoped, hubspot))
    make_debrief(scoped.owner, scoped.organisation, deal=Deal.objects.get(external_id="2"))
    for known in (1, 2, 3):
        hubspot.archive(known)
    connection = read(connection)
    assert set(deals("hubspot")) == {"2", "4"}
    assert (connection.last_counts["removed"], connection.last_counts["kept"]) == (2, 1)
    note = DealEvent.objects.get(kind="note")
    assert note.text == "This deal is not in HubSpot any more: it was deleted or merged."
    assert read(connection).last_counts["kept"] == 0
    assert DealEvent.objects.filter(kind="note").count() == 1


def test_a_merged_deal_goes_on_as_the_one_that_was_worked_on(
    scoped: House, hubspot: HubSpotServer
) -> None:
    for known in (1, 2):
        hubspot.put(known)
    connection = read(connected(scoped, hubspot))
    worked = Deal.objects.get(external_id="2")
    debrief = make_debrief(scoped.owner, scoped.organisation, deal=worked)
    hubspot.now = int(connection.cursor["since"]) + 1
    hubspot.merge(30, 1, 2)
    connection = read(connection)
    assert set(deals("hubspot")) == {"30"}
    debrief.refresh_from_db()
    assert debrief.deal == Deal.objects.get()
    assert debrief.deal.pk == worked.pk
    assert connection.last_counts["merged"] == 1


def test_a_deal_that_changes_while_it_is_read_is_not_lost(
    scoped: House, hubspot: HubSpotServer
) -> None:
    for known in range(1, 81):
        hubspot.put(known)
    seen: list[str] = []

    def meanwhile(asked: Asked) -> None:
        if asked.path.endswith("/search"):
            seen.append(asked.path)
            if len(seen) == 2:  # between the first page and the second
                hubspot.archive(3)
                hubspot.put(5, "s2")
                hubspot.put(90)

    hubspot.meanwhile = meanwhile
    connection = read(connected(scoped, hubspot))
    assert Deal.objects.count() == 80  # 81 but the archived one
    hubspot.deals[5]["modified"] = int(connection.cursor["since"]) + 1
    read(connection)
    assert deals("hubspot")["5"] == ("Offer", "open")


def test_what_a_person_typed_stays(scoped: House, hubspot: HubSpotServer) -> None:
    hubspot.put(1, amount="100")
    connection = read(connected(scoped, hubspot))
    Deal.objects.update(amount=777, typed_fields=["amount"])
    hubspot.now = int(connection.cursor["since"]) + 1
    hubspot.put(1, "s2", amount="200")
    read(connection)
    deal = Deal.objects.get()
    assert (deal.amount, str(deal.stage)) == (777, "Offer")


def test_a_deal_that_cannot_be_taken_does_not_stop_the_others(
    scoped: House, hubspot: HubSpotServer
) -> None:
    hubspot.put(1)
    hubspot.put(2, amount="much")
    connection = read(connected(scoped, hubspot))
    assert set(deals("hubspot")) == {"1"}
    assert connection.last_counts["rejected"] == 1
    assert connection.last_counts["refused"] == [{"id": "2", "code": "amount-unreadable"}]
