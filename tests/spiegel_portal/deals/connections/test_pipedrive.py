"""Pipedrive over real HTTP: three lists, every changelog, deleted deals, a forgotten place."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from tests.crm_servers.server import Reply
from tests.spiegel_portal.deals.connections.helpers import NOW, connected, deals, read, timeline
from tests.spiegel_portal.deals.imports.helpers import bring_in

from spiegel_portal.deals.imports.undoing import undo_import
from spiegel_portal.deals.models import Deal, Import

if TYPE_CHECKING:
    from tests.conftest import House
    from tests.crm_servers.pipedrive import PipedriveServer
    from tests.crm_servers.server import Asked


def test_every_list_every_page_and_every_changelog(
    scoped: House, pipedrive: PipedriveServer
) -> None:
    for known in range(1, 61):
        pipedrive.put(known)
    pipedrive.put(9, expected_close_date="2026-03-31")
    pipedrive.put(9, stage_id=2, value=1200, expected_close_date="2026-04-30")
    pipedrive.put(9, status="lost", lost_time="2026-04-03T09:00:00Z", lost_reason="Price")
    pipedrive.put(10, is_archived=True, status="lost", lost_time="2026-02-01T09:00:00Z")
    connection = read(connected(scoped, pipedrive, is_key=True))
    assert Deal.objects.count() == 60
    deal = Deal.objects.get(external_id="9")
    assert (str(deal.stage), deal.crm_reason, deal.account) == ("Lost", "Price", "Mill Ltd")
    assert (deal.owner, deal.closed_on) == (scoped.owner, date(2026, 4, 3))
    assert timeline("9") == [
        ("01-05 08:09", "stage", "", "Demo"),
        ("01-05 09:02", "amount", "1000.00", "1200.00"),
        ("01-05 09:02", "date", "2026-03-31", "2026-04-30"),
        ("01-05 09:02", "stage", "Demo", "Offer"),
        ("01-05 09:03", "stage", "Offer", "Lost"),
        ("01-05 11:00", "created", "", ""),
    ]
    assert deals("pipedrive")["10"] == ("Lost", "lost")
    assert connection.last_counts["new"] == 60


def test_a_deleted_deal_goes_and_a_changed_one_changes(
    scoped: House, pipedrive: PipedriveServer
) -> None:
    for known in (1, 2, 3):
        pipedrive.put(known)
    connection = read(connected(scoped, pipedrive))
    pipedrive.now = NOW + timedelta(minutes=1)
    pipedrive.delete(1)
    pipedrive.put(2, stage_id=2)
    connection = read(connection)
    assert deals("pipedrive") == {"2": ("Offer", "open"), "3": ("Demo", "open")}
    counts = {name: connection.last_counts[name] for name in ("updated", "unchanged", "removed")}
    assert counts == {"updated": 1, "unchanged": 0, "removed": 1}


def test_a_place_in_a_list_that_was_forgotten_begins_anew(
    scoped: House, pipedrive: PipedriveServer
) -> None:
    for known in range(1, 41):
        pipedrive.put(known)
    asked: list[str] = []

    def meanwhile(question: Asked) -> None:
        if question.query.get("cursor") and not asked:
            asked.append("forgotten")
            pipedrive.fail("/api/v2/deals$", Reply({"error": "bad cursor"}, 400))

    pipedrive.meanwhile = meanwhile
    connection = read(connected(scoped, pipedrive))
    assert (asked, connection.problem, Deal.objects.count()) == (["forgotten"], "", 40)


def test_a_deal_deleted_between_the_list_and_its_changelog(
    scoped: House, pipedrive: PipedriveServer
) -> None:
    pipedrive.put(1)
    pipedrive.fail("/changelog", Reply({"error": "Deal not found"}, 404))
    connection = read(connected(scoped, pipedrive))
    assert (connection.problem, set(deals("pipedrive"))) == ("", {"1"})


def test_stages_are_named_in_the_organisations_language(
    scoped: House, pipedrive: PipedriveServer
) -> None:
    type(scoped.organisation).objects.filter(pk=scoped.organisation.pk).update(language="nl")
    pipedrive.put(1)
    pipedrive.put(1, status="won", won_time="2026-02-01T09:00:00Z")
    read(connected(scoped, pipedrive))
    assert deals("pipedrive") == {"1": ("Gewonnen", "won")}


def test_a_file_of_the_same_deals_and_its_undo(scoped: House, pipedrive: PipedriveServer) -> None:
    for known in (1, 2):
        pipedrive.put(known)
    file = "Deal - ID,Deal - Title,Deal - Status,Deal - Stage\n1,Deal 1,Open,Demo\n"
    run = bring_in(scoped.organisation, scoped.administrator, file)
    connection = read(connected(scoped, pipedrive))
    assert Deal.objects.count() == 2
    Import.objects.filter(pk=run.pk).update(state="undoing")
    undone = undo_import(import_id=run.pk, now=NOW).report["undone"]
    assert undone["kept"] == {"later-import": 1}
    connection.refresh_from_db()
    assert connection.cursor == {}
    read(connection)
    assert set(deals("pipedrive")) == {"1", "2"}
