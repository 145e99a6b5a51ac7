"""Debriefs, the three situations, lessons and if-then plans. All of them their author's alone."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from spiegel_portal.common.models import TenantModel
from spiegel_portal.deals.models import Deal

from .labels import NAMES


class Direction(models.TextChoices):
    """A lesson is something to start, or something to stop doing."""

    START = "start", _("Start doing")
    STOP = "stop", _("Stop doing")


class Party(models.TextChoices):
    """With whom the cause was put, in the three situations."""

    CUSTOMER = "customer", _("The customer")
    COMPETITION = "competition", _("The competition")
    MANAGEMENT = "management", _("My own management or company")


#: The most one text field takes, in characters.
MAX_TEXT = 20_000


class Written(TenantModel):
    """Something its author is writing: autosaved, with a version to notice a second device."""

    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    version = models.PositiveIntegerField(default=1)
    #: Field name to [version in which it last changed, the page that changed it].
    stamps = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


class Debrief(Written):
    """The guided look back on one deal: six prompts, the reasons, a lesson and a plan."""

    class Outcome(models.TextChoices):
        LOST = "lost", _("Lost")
        STALLED = "stalled", _("Stalled")
        NO_DECISION = "no_decision", _("No decision")
        WON = "won", _("Won")

    # A deal may go (an import is undone); what was written about it stays.
    deal = models.ForeignKey(Deal, on_delete=models.SET_NULL, null=True, related_name="debriefs")
    deal_name = models.CharField(max_length=420)
    outcome = models.CharField(max_length=12, choices=Outcome)
    agreed = models.TextField(blank=True)
    happened = models.TextField(blank=True)
    differed = models.TextField(blank=True)
    own_part = models.TextField(blank=True)
    gain_money = models.TextField(blank=True)
    gain_time = models.TextField(blank=True)
    gain_relationship = models.TextField(blank=True)
    stated_reason = models.TextField(blank=True)
    own_reason = models.TextField(blank=True)
    buyer_reason = models.TextField(blank=True)
    lesson_situation = models.TextField(blank=True)
    lesson_text = models.TextField(blank=True)
    lesson_direction = models.CharField(max_length=5, choices=Direction, default=Direction.START)
    plan_deal = models.ForeignKey(
        Deal, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    plan_if = models.TextField(blank=True)
    plan_then = models.TextField(blank=True)
    plan_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-updated_at"]
        indexes = [models.Index(fields=["author", "-updated_at"], name="debrief_of_author")]
        constraints = [
            models.UniqueConstraint(fields=["author", "deal"], name="debrief_once_per_deal")
        ]

    def __str__(self) -> str:
        return self.deal_name


class OtherVersion(TenantModel):
    """What a second device had typed when it lost the race. Kept until its author has chosen."""

    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    item_id = models.UUIDField()
    #: The page that had it: its next save replaces its own earlier text, never another page's.
    client = models.CharField(max_length=40)
    #: Field name to the text that differed.
    texts = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["author", "item_id", "client"], name="other_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.item_id}"


class SituationSeries(TenantModel):
    """The three situations: the first behaviour assignment everyone meets."""

    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "author"],
                condition=models.Q(finished_at=None),
                name="series_one_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d}"


class Situation(Written):
    """One of the three: what happened, whom I held responsible, what owning it would bring."""

    series = models.ForeignKey(SituationSeries, on_delete=models.CASCADE, related_name="situations")
    position = models.PositiveSmallIntegerField()
    deal = models.ForeignKey(
        Deal, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    happened = models.TextField(blank=True)
    held_responsible = models.CharField(max_length=12, choices=Party, blank=True)
    blame = models.TextField(blank=True)
    own_part = models.TextField(blank=True)
    gain_money = models.TextField(blank=True)
    gain_time = models.TextField(blank=True)
    gain_relationship = models.TextField(blank=True)
    lesson_situation = models.TextField(blank=True)
    lesson_text = models.TextField(blank=True)
    lesson_direction = models.CharField(max_length=5, choices=Direction, default=Direction.START)
    plan_deal = models.ForeignKey(
        Deal, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    plan_if = models.TextField(blank=True)
    plan_then = models.TextField(blank=True)
    plan_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["series", "position"], name="situation_once")
        ]

    def __str__(self) -> str:
        return f"{self.position}"


class Lesson(TenantModel):
    """One sentence: in this situation I will start, or stop, doing this."""

    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    debrief = models.OneToOneField(
        Debrief, on_delete=models.SET_NULL, null=True, blank=True, related_name="lesson"
    )
    from_situation = models.OneToOneField(
        Situation, on_delete=models.SET_NULL, null=True, blank=True, related_name="lesson"
    )
    situation = models.TextField(_("in which situation"), blank=True)
    text = models.TextField(_("the lesson"))
    direction = models.CharField(max_length=5, choices=Direction, default=Direction.START)
    created_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["author", "-created_at"], name="lesson_of_author")]

    def __str__(self) -> str:
        return self.text


class Plan(TenantModel):
    """If <sign on a live deal>, then I <ask or do> (Gollwitzer's implementation intention)."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        DONE = "done", _("Carried out")
        DROPPED = "dropped", _("Dropped")

    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="plans")
    deal = models.ForeignKey(
        Deal, on_delete=models.SET_NULL, null=True, blank=True, related_name="plans"
    )
    if_text = models.TextField(_("if"))
    then_text = models.TextField(_("then I"))
    #: The day Spiegel asks how it went.
    ask_on = models.DateField()
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["ask_on", "created_at"]
        indexes = [models.Index(fields=["author", "state", "ask_on"], name="plan_due")]

    def __str__(self) -> str:
        return f"{self.if_text} → {self.then_text}"


class PlanAnswer(TenantModel):
    """What came of a plan on the day it was asked about."""

    class Answer(models.TextChoices):
        DID = "did", _("Did it")
        DID_NOT = "did_not", _("Did not")
        NOT_YET = "not_yet", _("Not yet")

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="answers")
    answer = models.CharField(max_length=8, choices=Answer)
    note = models.CharField(_("how it went"), max_length=300, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return self.answer


class MarkAnswer(TenantModel):
    """A seller's answer to one mark: "yes" or "not so". Theirs alone; no words are kept."""

    class Answer(models.TextChoices):
        NOT_SO = "not_so", _("Not so")
        YES = "yes", pgettext_lazy("answer to a mark", "Yes")

    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sentence_hash = models.CharField(max_length=64)
    #: Of the words the mark pointed at; empty where they were not given.
    phrase_hash = models.CharField(max_length=64, blank=True, default="")
    label = models.CharField(max_length=20)
    answer = models.CharField(max_length=8, choices=Answer)
    #: Whether the mark was a language model's: what is said of those shifts no threshold.
    by_language_model = models.BooleanField(default=False)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "author", "sentence_hash"], name="mark_answer_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.answer}"

    @property
    def label_name(self) -> str:
        """What the mark is called."""
        return str(NAMES.get(self.label, self.label))


class LanguageModel(TenantModel):
    """An organisation's own language model, which marks look-backs where it is on."""

    is_on = models.BooleanField(default=False)
    base_url = models.CharField(max_length=300, blank=True)
    model = models.CharField(max_length=120, blank=True)
    #: With common.ciphers; empty for no key.
    key_encrypted = models.TextField(blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation"], name="language_model_once")]

    def __str__(self) -> str:
        return f"{self.model} ({self.host})"

    @property
    def host(self) -> str:
        """The host that texts go to, with its port where one is written."""
        return urlsplit(self.base_url).netloc


class LanguageModelRefusal(TenantModel):
    """A member who keeps their own texts from the organisation's language model."""

    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "author"], name="language_model_refused_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}"
