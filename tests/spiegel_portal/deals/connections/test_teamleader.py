"""Teamleader over real HTTP: newest first, phases, deals that are gone without a word."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from tests.crm_servers.server import Reply
from tests.factories import make_debrief
from tests.spiegel_portal.deals.connections.helpers import NOW, connected, deals, read, timeline

from spiegel_portal.deals.connections.syncing import tokens_of
from spiegel_portal.deals.models import Connection, Deal

if TYPE_CHECKING:
    from tests.conftest import House
    from tests.crm_servers.server import Asked
    from tests.crm_servers.teamleader import TeamleaderServer


def test_every_page_with_the_phases(scoped: House, teamleader: TeamleaderServer) -> None:
    for number in range(1, 81):
        teamleader.put(number)
    teamleader.put(9, "p2")
    lost = {"reason": {"id": "r1"}, "remark": "Too expensive"}
    teamleader.put(9, "p2", status="lost", closed_at="2026-04-03T09:00:00+00:00", lost_reason=lost)
    teamleader.put(10, lead={"customer": {"type": "contact", "id": "k1"}})
    connection = read(connected(scoped, teamleader))
    assert (connection.problem, Deal.objects.count()) == ("", 80)
    known = teamleader.id_of(9)
    deal = Deal.objects.get(external_id=known)
    assert (str(deal.stage), deal.crm_reason) == ("Lost", "Price: Too expensive")
    assert (deal.account, deal.owner) == ("Mill Ltd", scoped.owner)
    assert Deal.objects.get(external_id=teamleader.id_of(10)).account == "Kim Mill"
    assert [event[1:] for event in timeline(known) if event[1] == "stage"] == [
        ("stage", "", "Nieuw"),
        ("stage", "Nieuw", "Offerte verstuurd"),
        ("stage", "Offerte verstuurd", "Lost"),
    ]


def test_many_deals_of_one_moment_are_all_read(scoped: House, teamleader: TeamleaderServer) -> None:
    for number in range(1, 91):
        teamleader.put(number)
    moment = teamleader.deals[teamleader.id_of(1)]["created_at"]
    for deal in teamleader.deals.values():
        deal["created_at"] = moment
    assert read(connected(scoped, teamleader)).problem == ""
    assert Deal.objects.count() == 90


def test_a_deal_that_appears_or_goes_meanwhile_hides_no_other(
    scoped: House, teamleader: TeamleaderServer
) -> None:
    for number in range(1, 81):
        teamleader.put(number)
    lists: list[str] = []

    def meanwhile(asked: Asked) -> None:
        if asked.path == "/deals.list":
            lists.append(asked.path)
            if len(lists) == 2:
                del teamleader.deals[teamleader.id_of(79)]
                teamleader.put(99)

    teamleader.meanwhile = meanwhile
    read(connected(scoped, teamleader))
    there = {teamleader.id_of(number) for number in range(1, 81)} - {teamleader.id_of(79)}
    assert there <= set(deals("teamleader"))


def test_deals_that_are_gone_are_found_once_a_day(
    scoped: House, teamleader: TeamleaderServer
) -> None:
    for number in (1, 2, 3):
        teamleader.put(number)
    connection = read(connected(scoped, teamleader))
    worked = Deal.objects.get(external_id=teamleader.id_of(2))
    make_debrief(scoped.owner, scoped.organisation, deal=worked)
    for number in (1, 2):
        del teamleader.deals[teamleader.id_of(number)]
    connection = read(connection)
    assert Deal.objects.count() == 3  # looked today already
    Connection.objects.update(cursor={**connection.cursor, "checked": "2026-11-23"})
    connection = read(connection)
    assert set(deals("teamleader")) == {teamleader.id_of(2), teamleader.id_of(3)}
    assert (connection.last_counts["removed"], connection.last_counts["kept"]) == (1, 1)


def test_a_list_that_leaves_deals_out_removes_none_that_are_there(
    scoped: House, teamleader: TeamleaderServer
) -> None:
    teamleader.put(1)
    connection = read(connected(scoped, teamleader))
    Connection.objects.update(cursor={"since": (NOW + timedelta(days=1)).isoformat()})
    teamleader.fail("/deals.list", Reply({"data": []}), times=2)
    assert read(connection).last_counts.get("removed", 0) == 0
    assert Deal.objects.count() == 1


def test_deals_of_a_file_that_go_by_another_id_stay(
    scoped: House, teamleader: TeamleaderServer
) -> None:
    teamleader.put(1)
    read(connected(scoped, teamleader))
    Deal.objects.update(external_id="2026/17")
    Connection.objects.update(cursor={})
    connection = Connection.objects.get()
    read(connection)
    assert set(deals("teamleader")) == {"2026/17", teamleader.id_of(1)}


def test_a_refresh_token_that_works_once_is_kept_at_once(
    scoped: House, teamleader: TeamleaderServer
) -> None:
    teamleader.put(1)
    connection = connected(scoped, teamleader)
    teamleader.access = "gone"
    teamleader.fail("/deals.info", Reply({}, 500), times=100)
    connection = read(connection)
    assert connection.problem == "server"
    kept = tokens_of(connection)
    assert (kept.access, kept.refresh) == (teamleader.access, teamleader.refresh)


@pytest.mark.parametrize("wait", [5, 3600])
def test_the_limit_is_told_as_a_moment(
    scoped: House, teamleader: TeamleaderServer, wait: int
) -> None:
    import time_machine

    with time_machine.travel(NOW, tick=False):
        reset = (NOW + timedelta(seconds=wait)).isoformat()
        teamleader.fail("/deals.list", Reply({}, 429, {"X-RateLimit-Reset": reset}))
        waits: list[float] = []
        connection = read(connected(scoped, teamleader), waits)
    assert (waits, connection.problem) == (([5.0], "") if wait == 5 else ([], "throttled"))
