"""What the pages of a debrief and of a situation have in common: the form and autosave.

The form works as a whole page without JavaScript. It carries the version it was built on, the
random name of the page (its client) and a fingerprint of every field, so that only what was typed
here is sent on: a field another device changed is not overwritten by the old text in this form.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, JsonResponse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from spiegel_portal.debriefs.domain import (
    Saved,
    choice_fields,
    save_texts,
    settle_conflict,
    stored_text,
    text_fields,
    tidy,
)
from spiegel_portal.debriefs.queries import deals_for_situation, open_deals_for_plan, waiting_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.utils.functional import Promise

    from spiegel_portal.common.requests import MemberRequest
    from spiegel_portal.deals.models import Deal
    from spiegel_portal.debriefs.domain.fields import Writing
    from spiegel_portal.debriefs.models import OtherVersion

    from .prompts import Ask, Prompt


@dataclass(frozen=True)
class Field:
    """One field as the page shows it: what it asks, what stands in it, what is wrong with it."""

    ask: Ask
    value: str
    error: str | Promise = ""
    others: list[tuple[OtherVersion, str]] = field(default_factory=list)
    chosen: Deal | None = None
    query: str = ""
    deals: list[Deal] = field(default_factory=list)

    @property
    def template(self) -> str:
        """The template that draws this kind of field."""
        return f"web/debriefs/_field_{self.ask.kind}.html"


@dataclass(frozen=True)
class Section:
    """One prompt as the page shows it."""

    prompt: Prompt
    number: int
    fields: list[Field]

    @property
    def answered(self) -> bool:
        """Whether anything was written here: the outline shows it."""
        return any(part.value.strip() for part in self.fields if part.ask.kind == "prose")


@dataclass
class Desk:
    """A debrief or situation on its author's desk, ready to be drawn as a form.

    Attributes:
        item: What is written in.
        request: Of its author.
        typed: Field name to text that could not be stored, so that the page shows it again.
        errors: Field name to one sentence.
    """

    item: Writing
    request: MemberRequest
    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str | Promise] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.client = uuid4().hex
        self._others = waiting_texts(item=self.item, author=self.request.user)

    def sections(self, prompts: Iterable[Prompt]) -> list[Section]:
        """Fill the prompts with what stands in the item."""
        return [
            Section(prompt, number, [self.field(ask) for ask in prompt.asks])
            for number, prompt in enumerate(prompts, start=1)
        ]

    def field(self, ask: Ask) -> Field:
        """Fill one field."""
        value = self.typed.get(ask.name, stored_text(self.item, ask.name))
        others = self._others.get(ask.name, [])
        error = self.errors.get(ask.name, "")
        if ask.kind != "deal":
            return Field(ask, value, error, others)
        chosen: Deal | None = getattr(self.item, ask.name)
        query = self.request.GET.get(f"find_{ask.name}", "")
        found = find_deals(request=self.request, name=ask.name, query=query)
        deals = [deal for deal in found if chosen is None or deal.pk != chosen.pk]
        return Field(ask, value, error, others, chosen, query, deals)

    def fingerprints(self) -> str:
        """What stands in each stored field, as JSON of fingerprints."""
        names = (*text_fields(self.item), *choice_fields(self.item))
        return json.dumps({name: fingerprint(stored_text(self.item, name)) for name in names})

    @property
    def has_conflicts(self) -> bool:
        """Whether texts wait for a choice."""
        return bool(self._others)

    @property
    def conflict_fields(self) -> list[str]:
        """The fields for which two texts wait."""
        return list(self._others)


def find_deals(*, request: MemberRequest, name: str, query: str) -> list[Deal]:
    """Find deals to choose from: open ones for a plan, any for a situation."""
    find = deals_for_situation if name == "deal" else open_deals_for_plan
    return find(author=request.user, query=query)


def searched(request: MemberRequest) -> str:
    """Give the words a whole form asks deals by, as a query string; empty when it does not ask."""
    words = {
        name: request.POST[name]
        for name in ("find_deal", "find_plan_deal")
        if request.POST.get(name, "").strip()
    }
    asked = request.POST.get("do") == "find" or (request.POST.get("do") == "enter" and words)
    return urlencode(words or {"find": ""}) if asked else ""


def fingerprint(text: str) -> str:
    """Shorten a text to twelve characters that tell whether it changed."""
    return hashlib.sha256(tidy(text).encode()).hexdigest()[:12]


def receive(request: MemberRequest, item: Writing) -> Saved:
    """Store what a whole form brings: the fields that were changed in it."""
    data = request.POST
    was = _fingerprints_of(data.get("was", ""))
    names = (*text_fields(item), *choice_fields(item))
    texts = {
        name: data[name]
        for name in names
        if name in data and fingerprint(data[name]) != was.get(name)
    }
    return save_texts(
        item=item,
        author=request.user,
        client=data.get("client", ""),
        base_version=_version(data.get("base_version")),
        texts=texts,
    )


def settle_from_form(request: MemberRequest, item: Writing) -> Saved:
    """Carry out a choice between two texts: the button's value is ``<other>:<field>:<choice>``.

    Call it after :func:`receive`, with the item read anew.
    """
    try:
        other, name, choice = request.POST["settle"].split(":")
        other_id = UUID(other)
    except ValueError as wrong:
        raise Http404 from wrong
    if name not in text_fields(item):
        raise Http404
    waiting = waiting_texts(item=item, author=request.user).get(name, [])
    theirs = next((text for version, text in waiting if version.pk == other_id), "")
    return settle_conflict(
        item=item,
        author=request.user,
        client=request.POST.get("client", ""),
        base_version=_version(request.POST.get("base_version")),
        other_id=other_id,
        field=name,
        text=_chosen(choice, stored_text(item, name), theirs),
    )


def _chosen(choice: str, kept: str, other: str) -> str:
    if choice == "both":
        return "\n\n".join(filter(None, (kept, other)))
    return other if choice == "other" else kept


def save_answer(request: MemberRequest, item: Writing) -> JsonResponse:
    """Answer one autosave.

    The body is JSON: ``client``, ``base_version`` and ``texts``, and with ``settle`` (the
    OtherVersion's id) the one text chosen for a field in conflict.

    Returns:
        200 when all is stored, 409 with both texts when a field was changed elsewhere, 422 with a
        sentence per field when something cannot be stored. What can be stored, is.
    """
    try:
        given = json.loads(request.body)
        texts = {str(name): str(text) for name, text in given["texts"].items()}
        base, client = _version(given["base_version"]), str(given["client"])
        settles = UUID(given["settle"]) if given.get("settle") else None
    except RequestDataTooBig:
        problem = _("This is too much text to save at once: shorten it. It is still on your page.")
        return JsonResponse({"refused": {"": problem}}, status=422)
    except (ValueError, KeyError, TypeError, AttributeError):
        problem = _("This page sent something that cannot be read.")
        return JsonResponse({"refused": {"": problem}}, status=400)
    writer: dict[str, Any] = {
        "item": item,
        "author": request.user,
        "client": client,
        "base_version": base,
    }
    if settles and len(texts) == 1:
        ((name, text),) = texts.items()
        return _answer(settle_conflict(**writer, other_id=settles, field=name, text=text))
    return _answer(save_texts(**writer, texts=texts))


def _answer(saved: Saved) -> JsonResponse:
    body: dict[str, Any] = {"version": saved.version, "changed": saved.changed}
    status = 200
    if saved.refused:
        status, body["refused"] = 422, {name: str(text) for name, text in saved.refused.items()}
    if saved.conflicts:
        status = 409
        body["conflicts"] = [
            {"field": each.field, "kept": each.kept, "other": str(each.other_id)}
            for each in saved.conflicts
        ]
    return JsonResponse(body, status=status)


def _version(given: object) -> int:
    try:
        return int(str(given))
    except ValueError:
        return 0


def _fingerprints_of(text: str) -> dict[str, str]:
    try:
        was = json.loads(text)
    except ValueError:
        return {}
    return was if isinstance(was, dict) else {}
