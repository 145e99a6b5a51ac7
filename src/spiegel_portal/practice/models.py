"""Practice cards scheduled by FSRS, their reviews, and holidays."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from spiegel_portal.common.models import TenantModel
from spiegel_portal.debriefs.models import Lesson


class Card(TenantModel):
    """A lesson to recall: the situation in front, the seller's own lesson behind."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    lesson = models.OneToOneField(Lesson, on_delete=models.CASCADE, related_name="card")
    #: A spiegel.practice.Memory; its own due moment knows nothing of holidays.
    memory = models.JSONField(default=dict)
    #: The day it comes back, holidays counted.
    due_on = models.DateField()
    #: How often it was recalled; a page that grades it says which turn it means.
    turns = models.PositiveIntegerField(default=0)
    suspended_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["due_on", "created_at", "id"]
        indexes = [models.Index(fields=["owner", "due_on"], name="card_due")]

    def __str__(self) -> str:
        return f"{self.lesson}"


class Review(TenantModel):
    """One recall of a card. Never changed."""

    class Rating(models.IntegerChoices):
        AGAIN = 1, _("Did not come back")
        HARD = 2, _("With effort")
        GOOD = 3, _("Well")
        EASY = 4, _("At once")

    card = models.ForeignKey(Card, on_delete=models.CASCADE, related_name="reviews")
    #: 0 for the first recall of the card, 1 for the next …
    turn = models.PositiveIntegerField()
    rating = models.PositiveSmallIntegerField(choices=Rating)
    recalled = models.TextField(_("what I recalled"), blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]
        constraints = [models.UniqueConstraint(fields=["card", "turn"], name="review_once_a_turn")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.rating}"


class Hold(TenantModel):
    """A holiday: due days on or after its first day move by its length, and no card is shown."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    starts_on = models.DateField(_("first day"))
    #: Ended early, this becomes the day before.
    ends_on = models.DateField(_("last day"))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-starts_on"]
        indexes = [models.Index(fields=["owner", "ends_on"], name="hold_of_owner")]

    def __str__(self) -> str:
        return f"{self.starts_on} – {self.ends_on}"
