"""The design system on one page, for those who build pages. Only there in debug."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.template.loader import get_template
from django.utils.translation import gettext_lazy as _

from .front import example
from .mirror import marks_context

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.utils.functional import Promise

#: The parts shown, in order: the template in web/style/parts, and what the part is called.
PARTS: dict[str, Promise] = {
    "page_header": _("Head of a page"),
    "buttons": _("Buttons"),
    "form": _("Form"),
    "filters": _("Filters"),
    "card": _("Cards"),
    "facts": _("Facts"),
    "tags": _("Stages"),
    "table": _("Table and pages"),
    "items": _("List, lesson, plan"),
    "notices": _("Notices"),
    "empty": _("Nothing yet"),
    "timeline": _("Timeline"),
    "tabs": _("Tabs"),
    "steps": _("Steps and progress"),
    "split": _("Writing beside facts"),
    "writing": _("Writing and saving"),
    "marks": _("The mirror's marks"),
    "private": _("Who sees this"),
}
COLOURS = (
    "paper", "surface", "sunken", "ink", "muted", "line", "line-strong", "accent", "accent-soft",
    "good", "good-soft", "warn", "warn-soft", "bad", "bad-soft", "own", "outside", "verdict",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """A part as the page shows it: drawn, and as it is written in a template."""

    name: str
    title: str | Promise
    drawn: str
    source: str


class _Sample(forms.Form):
    name = forms.CharField(label=_("Name of the deal"), help_text=_("As you call it yourself."))
    close = forms.DateField(label=_("Expected to close"), required=False)
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[("call", _("Call")), ("visit", _("Visit"))],
        widget=forms.RadioSelect,
    )
    again = forms.BooleanField(label=_("Remind me of this"), required=False)


def style(request: HttpRequest) -> HttpResponse:
    """Show every part of the design, drawn and as it is written."""
    if not settings.DEBUG:
        raise Http404
    context = {"form": _Sample({"kind": "call", "close": "?"}), **marks_context(example())}
    parts = [_part(request, name, context) for name in PARTS]
    return render(request, "web/style/index.html", {"parts": parts, "colours": COLOURS})


def _part(request: HttpRequest, name: str, context: dict[str, Any]) -> Part:
    template: Any = get_template(f"web/style/parts/{name}.html")
    source = template.template.source.replace("{% load i18n %}", "").strip()
    return Part(name, PARTS[name], template.render(context, request), source)
