"""What people type about deals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from spiegel_portal.common.money import AmountField, write_amount

from .models import ENDED, Deal, DealEvent, Stage, StageType
from .queries import SORTS, Search

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spiegel_portal.people.models import Membership

_DATE = {"type": "date"}


def date_field(**options: Any) -> forms.DateField:
    """Make a date field with the browser's own calendar."""
    return forms.DateField(
        required=False, widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d"), **options
    )


_NOT_ENDED = _("Only a deal that ended has this day: choose such a stage, or leave it empty.")


class DealForm(forms.Form):
    """A deal by hand: five fields that matter, the rest for who wants."""

    account = forms.CharField(label=_("Customer"), max_length=200)
    name = forms.CharField(
        label=_("What it is about"), max_length=200, help_text=_("For example: yearly contract.")
    )
    stage = forms.ModelChoiceField(Stage.objects.none(), label=_("Stage"), empty_label=None)
    amount = AmountField(label=_("Amount"), required=False)
    expected_close_on = date_field(label=_("Expected to close on"))
    next_step = forms.CharField(
        label=_("Next step"),
        max_length=300,
        required=False,
        help_text=_("What did you and the customer agree? A step of both, with a date."),
    )
    next_step_on = date_field(label=_("On"))
    product = forms.CharField(label=_("Product"), max_length=200, required=False)
    created_on = date_field(label=_("Since"))
    closed_on = date_field(label=_("Closed on"))
    stated_reason = forms.CharField(
        label=_("Reason the customer gave"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    #: Shown at once; the others stand under "more".
    first = ("account", "name", "stage", "amount", "expected_close_on")

    def __init__(self, *args: Any, stages: Sequence[Stage], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["stage"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Stage.objects.filter(pk__in=[stage.pk for stage in stages])

    def clean(self) -> dict[str, Any]:
        """Refuse days that cannot be; forget a closing day that the new stage makes void."""
        values: dict[str, Any] = super().clean() or {}
        stage, created, closed = (values.get(name) for name in ("stage", "created_on", "closed_on"))
        if closed and stage and stage.type not in ENDED:
            if "closed_on" in self.changed_data:
                self.add_error("closed_on", _NOT_ENDED)
            values["closed_on"] = None
        elif closed and closed > timezone.localdate():
            self.add_error("closed_on", _("This day is still to come; a deal closes when it ends."))
        elif closed and created and closed < created:
            self.add_error("closed_on", _("This is before the day the deal began."))
        return values

    def first_fields(self) -> list[forms.BoundField]:
        """The fields that are shown at once."""
        return [self[name] for name in self.first]

    def other_fields(self) -> list[forms.BoundField]:
        """The fields under "more"."""
        return [field for field in self.visible_fields() if field.name not in self.first]

    def has_more(self) -> bool:
        """Whether one of the fields under "more" holds something or is wrong."""
        return any(field.value() or field.errors for field in self.other_fields())


def initial_of(deal: Deal) -> dict[str, Any]:
    """Give the form's starting values from a deal."""
    values = {name: getattr(deal, name) for name in DealForm.base_fields if hasattr(deal, name)}
    return {**values, "stage": deal.stage_id, "amount": write_amount(deal.amount)}


class EventForm(forms.Form):
    """Something that happened on a deal."""

    KINDS = (
        DealEvent.Kind.NOTE,
        DealEvent.Kind.CALL,
        DealEvent.Kind.MEETING,
        DealEvent.Kind.MAIL,
    )

    text = forms.CharField(
        label=_("What happened?"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Facts: who said what. Their own words are worth most."),
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[(kind.value, kind.label) for kind in KINDS],
        initial=DealEvent.Kind.NOTE,
    )
    on = date_field(label=_("When"))


class SearchForm(forms.Form):
    """What to look for in the list of deals. Every field may be left open."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    type = forms.ChoiceField(label=_("State"), required=False)
    owner = forms.ChoiceField(label=_("Owner"), required=False)
    since = date_field(label=_("Moved since"))
    until = date_field(label=_("Until"))
    sort = forms.ChoiceField(
        label=_("Sort by"),
        required=False,
        choices=[
            ("recent", _("Last moved")),
            ("customer", _("Customer")),
            ("amount", _("Amount")),
            ("close", _("Expected to close")),
        ],
    )

    def __init__(self, *args: Any, owners: Sequence[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, list[tuple[str, Any]]] = {
            "type": [("", _("All")), *StageType.choices],
            "owner": [("", _("Everybody")), *((str(m.user_id), str(m.user)) for m in owners)],
        }
        for name, options in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = options
        if len(owners) < 2:
            del self.fields["owner"]

    def search(self, cursors: dict[str, tuple[str, str] | None]) -> Search:
        """Give what is looked for; a field that is wrong counts as open."""
        given = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        return Search(
            words=given.get("q", ""),
            stage_type=given.get("type", ""),
            owner_id=given.get("owner") or None,
            since=given.get("since"),
            until=given.get("until"),
            sort=str(given.get("sort")) if given.get("sort") in SORTS else "recent",
            **cursors,
        )


def moment_of(form: EventForm) -> Any:
    """Give when an event happened: now for today, noon for another day."""
    now = timezone.localtime()
    day = form.cleaned_data["on"]
    if day is None or day == now.date():
        return now
    return now.replace(
        year=day.year, month=day.month, day=day.day, hour=12, minute=0, second=0, microsecond=0
    )
