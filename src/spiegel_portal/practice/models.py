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
    #: py-fsrs's own card as a dict.
    memory = models.JSONField(default=dict)
    due_at = models.DateTimeField()
    suspended_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["due_at"]
        indexes = [models.Index(fields=["owner", "due_at"], name="card_due")]

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
    rating = models.PositiveSmallIntegerField(choices=Rating)
    recalled = models.TextField(_("what I recalled"), blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.rating}"


class Hold(TenantModel):
    """A holiday: every due date inside or after it shifts by its length."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-starts_on"]

    def __str__(self) -> str:
        return f"{self.starts_on} – {self.ends_on}"
