"""What people do with Spiegel, from first to last, in Dutch and in English."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.browser.conftest import LANGUAGES, PHONE, log_in, speak
from tests.browser.person import Person
from tests.factories import make_deal

from spiegel_portal.common.tenancy import across_organisations
from spiegel_portal.deals.models import Deal
from spiegel_portal.debriefs.models import Debrief, Lesson, Plan
from spiegel_portal.people.models import Membership
from spiegel_portal.practice.models import Card, Review

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page
    from pytest_django.live_server_helper import LiveServer
    from tests.browser.conftest import Watch
    from tests.conftest import House
    from tests.scene import Scene

    from spiegel_portal.people.models import User

pytestmark = pytest.mark.parametrize("language", LANGUAGES)

#: A sentence that puts the cause with the customer, per language.
BLAME = {
    "nl": "Die klant koopt van niemand en kijkt alleen naar de prijs.",
    "en": "This customer buys from nobody and only looks at the price.",
}
LESSON = {
    "nl": "Volgende keer vraag ik wie er nog meer over beslist.",
    "en": "Next time I ask who else has to decide.",
}


@pytest.fixture
def at_desk(live_server: LiveServer, language: str) -> Callable[[BrowserContext, User], Person]:
    """Puts somebody, logged in, before a browser."""

    def at_desk(context: BrowserContext, user: User) -> Person:
        log_in(context, user, live_server.url)
        speak(context, language, live_server.url, user)
        return Person(context.new_page(), language)

    return at_desk


@pytest.fixture
def lost_deal(house: House) -> Deal:
    """A deal that the owner lost, and one that is still open."""
    make_deal(house.organisation, house.owner, name="Lock Works")
    return make_deal(house.organisation, house.owner, name="Mill House", stage_type="lost")


def test_the_mirror_marks_while_a_visitor_types(
    page: Page, language: str, transactional_db: None
) -> None:
    visitor = Person(page, language)
    visitor.goes("/")
    expect(page.locator("html")).to_have_attribute("lang", language)
    visitor.types(text=BLAME[language])
    expect(page.locator("#try-marks .quote")).to_have_count(1)
    expect(page.locator("#try-marks mark.m-customer").first).to_be_visible()
    visitor.types(text="")
    expect(page.locator("#try-marks .quote")).to_have_count(0)


def test_from_signing_up_to_three_lessons(
    page: Page, language: str, transactional_db: None
) -> None:
    seller = Person(page, language)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a plain dict will do
    seller.goes("/")
    seller.follows("Start with your last no")
    seller.types(name="Noor", email="new@test.example", password1="right-horse-battery")
    seller.presses("Start")
    seller.is_at(reverse("organisation_start"))
    seller.chooses("kind", "solo")
    seller.presses("Go on")
    seller.is_at(reverse("today"))
    seller.follows("Begin")
    seller.presses("Begin with the first")
    for position, party in enumerate(("customer", "competition", "management"), start=1):
        seller.is_at(reverse("situation_edit", args=[position]))
        seller.types(
            happened="Three calls, then silence.",
            blame=BLAME[language],
            own_part="I did not ask.",
            lesson_situation=f"Situation {position}",
            lesson_text=LESSON[language],
            plan_if="the date moves",
            plan_then="ask what changed",
        )
        seller.chooses("held_responsible", party)
        seller.presses("Draw the lesson")
    seller.is_at(reverse("situations"))
    seller.reads("Three lessons, and they are yours")
    with across_organisations("whole-installation"):
        organisation = Membership.objects.get(user__email="new@test.example").organisation
        assert (organisation.kind, organisation.language) == ("solo", language)
        counts = [model.objects.count() for model in (Lesson, Plan, Card)]
    assert counts == [3, 3, 3]


def test_looking_back_on_a_lost_deal(
    context: BrowserContext,
    house: House,
    lost_deal: Deal,
    at_desk: Callable[..., Person],
    language: str,
) -> None:
    seller = at_desk(context, house.owner)
    seller.goes(reverse("today"))
    seller.presses("Look back")
    page = seller.page
    seller.types(
        agreed="A date in May.", happened="They moved it twice.", differed="In the second call."
    )
    seller.types(own_part=BLAME[language])
    expect(page.locator("#own_part-marks mark.m-customer").first).to_be_visible()
    seller.is_saved()
    page.reload()
    expect(page.locator("[name=own_part]")).to_have_value(BLAME[language])
    marks = page.locator("#own_part-marks")
    marks.locator(".ask:has(.m-customer) button[value=yes]").click()
    expect(marks.get_by_text(seller.says("You said yes")).first).to_be_visible()
    expect(marks.locator(".ask:has(.m-customer) button[value=yes]")).to_have_count(0)
    seller.presses("Not so", within=marks.locator(".ask:has(.m-customer)"))
    expect(marks.locator("mark.m-customer")).to_have_count(0)

    seller.types(lesson_situation="A date that moves", lesson_text=LESSON[language])
    seller.types(plan_if="the date moves", plan_then="ask what changed")
    page.get_by_label("Lock Works").check()
    seller.presses("Draw the lesson")
    seller.is_at(reverse("debrief_detail", args=[_only(Debrief).pk]))
    seller.sees(LESSON[language])
    plan = _only(Plan)
    assert (plan.deal.name, plan.then_text) == ("Lock Works", "ask what changed")
    assert _only(Card).lesson == _only(Lesson)


def test_two_devices_lose_neither_text(
    open_browser: Callable[..., BrowserContext],
    house: House,
    lost_deal: Deal,
    at_desk: Callable[..., Person],
    watch: Watch,
) -> None:
    watch.expect(409)
    desk = at_desk(open_browser(), house.owner)
    desk.goes(reverse("debrief_start", args=[lost_deal.pk]))
    desk.presses("Begin")
    phone = at_desk(open_browser(viewport=PHONE), house.owner)
    phone.goes(desk.page.url)
    desk.types(own_part="Written at the desk.")
    desk.is_saved()
    phone.types(own_part="Written on the phone.")
    panel = phone.page.locator("#field-own_part section.conflict")
    expect(panel).to_be_visible()
    here = phone.page.locator("[name=own_part]").input_value()
    assert {here, panel.locator("blockquote").inner_text()} == {
        "Written at the desk.",
        "Written on the phone.",
    }
    phone.presses("Keep both", within=panel)
    phone.is_saved()
    text = _only(Debrief).own_part
    assert sorted(text.split("\n\n")) == ["Written at the desk.", "Written on the phone."]


def test_a_debrief_without_scripts(
    open_browser: Callable[..., BrowserContext],
    house: House,
    lost_deal: Deal,
    at_desk: Callable[..., Person],
    language: str,
) -> None:
    seller = at_desk(open_browser(java_script_enabled=False, viewport=PHONE), house.owner)
    seller.goes(reverse("debrief_start", args=[lost_deal.pk]))
    seller.presses("Begin")
    seller.types(own_part="I did not ask.")
    seller.presses("Save")
    expect(seller.page.locator("[name=own_part]")).to_have_value("I did not ask.")
    seller.types(lesson_text=LESSON[language])
    seller.presses("Draw the lesson")
    seller.is_at(reverse("debrief_detail", args=[_only(Debrief).pk]))
    assert (_only(Lesson).text, _only(Debrief).own_part) == (LESSON[language], "I did not ask.")


def test_practising_a_card(
    context: BrowserContext, scene: Scene, at_desk: Callable[..., Person]
) -> None:
    seller = at_desk(context, scene.house.owner)
    seller.goes(reverse("practice"))
    seller.types(recalled="to ask")
    seller.presses("Show my lesson")
    seller.sees("to ask")
    seller.presses("Well")
    expect(seller.page.locator("[name=recalled]:visible")).to_have_count(0)
    review = _only(Review)
    assert (review.rating, review.recalled) == (Review.Rating.GOOD, "to ask")


def test_a_plan_is_answered_from_today(
    context: BrowserContext, scene: Scene, at_desk: Callable[..., Person]
) -> None:
    seller = at_desk(context, scene.house.owner)
    seller.goes(reverse("today"))
    seller.types(note="It helped.")
    seller.presses("Did it")
    with across_organisations("whole-installation"):
        scene.plan.refresh_from_db()
        answers = list(scene.plan.answers.values_list("answer", "note"))
    assert (scene.plan.state, answers) == (Plan.State.DONE, [("did", "It helped.")])


def test_sharing_a_lesson_until_it_is_ended(
    open_browser: Callable[..., BrowserContext],
    scene: Scene,
    at_desk: Callable[..., Person],
    watch: Watch,
) -> None:
    watch.expect(404)
    seller = at_desk(open_browser(), scene.house.owner)
    seller.goes(reverse("share_new", args=["lesson", scene.lesson.pk]))
    seller.page.locator("[name=recipient]").select_option(label="Colleague")
    seller.presses("Show it")
    seller.is_at(reverse("share_list"))

    colleague = at_desk(open_browser(viewport=PHONE), scene.house.colleague)
    colleague.goes(reverse("share_list"))
    colleague.page.locator("main .items a").first.click()
    colleague.sees(scene.lesson.text)
    address = colleague.page.url

    seller.goes(reverse("share_list"))
    seller.reads("Looked once")
    row = seller.page.locator(".items li", has_text="Colleague")
    seller.presses("End it now", within=row)
    expect(row.get_by_role("button")).to_have_count(0)
    answer = colleague.page.goto(address)
    assert answer is not None
    assert answer.status == 404
    expect(colleague.page.get_by_text(scene.lesson.text)).to_have_count(0)


#: Four deals; the last has an amount that is none.
EXPORT = """opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value
A1,Owner,Press,Mill Ltd,Won,2026-03-01,2026-05-04,1054
A2,Owner,Press,Lock Works,Lost,2026-03-02,2026-05-11,0
A3,Owner,Lathe,Quay & Co,Engaging,2026-04-02,,
A4,Owner,Lathe,Dyke Ltd,Won,2026-04-02,2026-05-06,a lot
"""


DUTCH = (
    "Dealnummer;Dealnaam;Klant;Fase;Bedrag;Sluitdatum\r\n"
    "1;Molen;Café Zuid;Gewonnen;€ 1.234,50;03-05-2026\r\n"
    "2;Brug;Oost BV;Verloren;900,00;13-05-2026\r\n"
)


def test_importing_a_file_twice_and_taking_it_back(
    context: BrowserContext, house: House, at_desk: Callable[..., Person], tmp_path: Path
) -> None:
    export = tmp_path / "deals.csv"
    export.write_text(EXPORT, encoding="utf-8")
    seller = at_desk(context, house.owner)
    facts = seller.page.locator("aside .facts").first
    for new, unchanged in ((3, 0), (0, 3)):
        seller.goes(reverse("import_new"))
        seller.page.locator("input[type=file]").set_input_files(export)
        seller.presses("Read the file")
        seller.reads("What importing does")
        seller.presses("Import")
        seller.reads("What it did")
        expect(facts).to_contain_text(f"{seller.says('New deals')}{new}", use_inner_text=False)
        expect(facts).to_contain_text(f"{seller.says('Unchanged')}{unchanged}")
    names = _deals()
    assert len(names) == 3
    seller.goes(reverse("import_list"))
    seller.page.locator("main table a").last.click()
    seller.follows("Take this import back")
    seller.presses("Take it back")
    seller.reads("What was taken back")
    assert _deals() == []


def test_a_file_saved_again_in_dutch_excel(
    context: BrowserContext, house: House, at_desk: Callable[..., Person], tmp_path: Path
) -> None:
    """Semicolons, decimal commas, the day first, Windows-1252: looked at, flipped, in, out, in."""
    export = tmp_path / "export.csv"
    export.write_bytes(DUTCH.encode("cp1252"))
    seller = at_desk(context, house.administrator)
    facts = seller.page.locator("aside .facts").first
    for _ in range(2):
        seller.goes(reverse("import_new"))
        seller.page.locator("input[type=file]").set_input_files(export)
        seller.presses("Read the file")
        expect(seller.page.locator("[name=date_order][value=dmy]")).to_be_checked()
        expect(seller.page.locator("[name=decimal_sign][value=',']")).to_be_checked()
        seller.sees("cp1252")
        seller.chooses("date_order", "mdy")
        seller.presses("Look again")
        not_taken = seller.says("Not taken")
        expect(facts).to_contain_text(f"{not_taken}1")  # there is no thirteenth month
        seller.chooses("date_order", "dmy")
        seller.presses("Look again")
        seller.presses("Import")
        seller.reads("What it did")
        assert _deals() == ["1", "2"]
        with across_organisations("whole-installation"):
            cafe = Deal.objects.get(external_id="1")
        assert (cafe.account, str(cafe.amount), str(cafe.closed_on)) == (
            "Café Zuid", "1234.50", "2026-05-03",
        )  # fmt: skip
        seller.follows("Take this import back")
        seller.presses("Take it back")
        seller.reads("What was taken back")
        assert _deals() == []


def _deals() -> list[str]:
    with across_organisations("whole-installation"):
        return sorted(Deal.objects.values_list("external_id", flat=True))


def _only(model: type) -> object:
    with across_organisations("whole-installation"):
        return model.objects.get()  # type: ignore[attr-defined]  # every model has a manager
