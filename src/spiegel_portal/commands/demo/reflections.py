"""What the demo's people wrote: debriefs at every stage, the three situations, plans, cards."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from spiegel.practice import new_memory
from spiegel_portal.common.tenancy import across_organisations, organisation_scope
from spiegel_portal.debriefs import domain
from spiegel_portal.debriefs.models import Debrief, Lesson, Plan, PlanAnswer
from spiegel_portal.people.models import Share, User
from spiegel_portal.practice.models import Card

from .stories import Told, content, fill

if TYPE_CHECKING:
    from datetime import datetime

    from spiegel_portal.people.models import Organisation

#: Days from today on which Spiegel asks how a seller's plans went, in turn.
_ASK = (0, -1, 6, 13)
#: How somebody's finished plan went, per language.
_WENT = {
    "nl": "Gebeld voordat ze het zelf merkten. Ze waren er blij mee.",
    "en": "Rang before they noticed. They said thanks.",
}


def build(
    language: str,
    organisation: Organisation,
    people: dict[str, User],
    deals: list[Told],
    *,
    now: datetime,
) -> None:
    """Write the debriefs and situations of one organisation's people, as they would.

    Args:
        language: Which of the written reflections.
        organisation: Where.
        people: Its people by e-mail address.
        deals: Its deals with their stories.
        now: The moment it all leads up to.
    """
    told = content(f"{language}_reflections")
    with organisation_scope(organisation):
        for debrief in told["debriefs"]:
            _debrief(debrief, people[debrief["author"]], deals)
        for series in told["situations"]:
            _situations(series, organisation, people[series["author"]], deals)
        _spread(list(people.values()), language, now)


def share_with_coach() -> None:
    """Let the Dutch seller show one lesson to the coach, for a month."""
    seller = User.objects.get(email="sanne@demo.example")
    coach = User.objects.get(email="noor@demo.example")
    with across_organisations("whole-installation"):
        lesson = Lesson.objects.filter(author=seller).order_by("created_at")[0]
        Share.objects.create(
            organisation=lesson.organisation,
            owner=seller,
            recipient=coach,
            kind=Share.Kind.LESSON,
            item_id=lesson.pk,
            ends_on=timezone.localdate() + timedelta(days=30),
        )


def _find(deals: list[Told], author: User, arc: str) -> Told:
    """Give the author's latest deal that followed an arc."""
    mine = [one for one in deals if one.deal.owner_id == author.pk and one.story.arc["key"] == arc]
    return max(mine, key=lambda one: one.deal.last_event_at)


def _debrief(written: dict[str, Any], author: User, deals: list[Told]) -> None:
    about = _find(deals, author, written["arc"])
    debrief = domain.start_debrief(deal=about.deal, author=author)
    _write(debrief, written["texts"], author, about, deals)
    if written["finished"]:
        domain.finish_debrief(debrief=debrief, author=author)
        when = min(about.deal.last_event_at + timedelta(days=2), timezone.now())
        Debrief.objects.filter(pk=debrief.pk).update(
            created_at=when, updated_at=when, finished_at=when
        )
        Lesson.objects.filter(debrief=debrief).update(created_at=when)


def _situations(
    written: dict[str, Any], organisation: Organisation, author: User, deals: list[Told]
) -> None:
    about = _find(deals, author, "lost_price")
    series = domain.start_series(organisation=organisation, author=author)
    for situation, texts in zip(series.situations.all(), written["items"], strict=True):
        _write(situation, texts, author, about, deals)
        if "lesson_text" in texts:
            domain.finish_situation(situation=situation, author=author)


def _write(
    item: Any, texts: dict[str, str | None], author: User, about: Told, deals: list[Told]
) -> None:
    # A plan goes on within a sentence, and a choice is a key: neither gets a capital.
    prose = {name for name in domain.text_fields(item) if not name.startswith("plan_")}
    filled = {
        name: (fill if name in prose else str.format_map)(text or "", about.story.words)
        for name, text in texts.items()
        if name != "plan_arc"
    }
    if texts.get("plan_arc"):
        filled["plan_deal"] = str(_find(deals, author, str(texts["plan_arc"])).deal.pk)
    saved = domain.save_texts(
        item=item, author=author, client="demo", base_version=item.version, texts=filled
    )
    if saved.refused:
        raise ValueError(saved.refused)
    item.refresh_from_db()


def _spread(people: list[User], language: str, now: datetime) -> None:
    """Let plans and cards come due over days, as they do for who uses Spiegel for a while."""
    today = timezone.localdate(now)
    for person in people:
        plans = list(Plan.objects.filter(author=person).order_by("created_at"))
        for plan, days in zip(plans, _ASK, strict=False):
            Plan.objects.filter(pk=plan.pk).update(ask_on=today + timedelta(days=days))
        cards = Card.objects.filter(owner=person).order_by("created_at")
        Card.objects.filter(pk__in=[card.pk for card in cards[:2]]).update(
            memory=new_memory(now - timedelta(days=1)), due_on=today
        )
        if len(plans) == 1:
            domain.answer_plan(
                plan=plans[0],
                author=person,
                answer=PlanAnswer.Answer.DID,
                note=_WENT[language],
            )
