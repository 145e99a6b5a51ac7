"""Deals, their timeline, and the imports they came from."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from spiegel_portal.common.models import TenantModel
from spiegel_portal.common.money import show_amount


class StageType(models.TextChoices):
    """What a stage means. Logic follows the type, never the stage's name."""

    OPEN = "open", _("Open")
    WON = "won", _("Won")
    LOST = "lost", _("Lost")
    NO_DECISION = "no_decision", _("No decision")
    PARKED = "parked", _("Parked")


#: Types of stages in which a deal is over.
ENDED = frozenset({StageType.WON, StageType.LOST, StageType.NO_DECISION})


class Stage(TenantModel):
    """A step in an organisation's own sales process."""

    name = models.CharField(_("name"), max_length=120)
    type = models.CharField(_("type"), max_length=12, choices=StageType)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="stage_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class Import(TenantModel):
    """One file brought in: what was understood, what was asked, what it did."""

    class State(models.TextChoices):
        READING = "reading", _("Being read")
        UPLOADED = "uploaded", _("Uploaded")
        QUEUED = "queued", _("Waiting")
        APPLYING = "applying", _("Busy")
        APPLIED = "applied", _("Done")
        FAILED = "failed", _("Failed")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")

    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    filename = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.UPLOADED)
    choices = models.JSONField(default=dict)
    understanding = models.JSONField(default=dict)
    report = models.JSONField(default=dict)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.filename


class ImportFile(TenantModel):
    """The bytes of an upload, compressed. Goes when its import has been applied."""

    import_run = models.OneToOneField(Import, on_delete=models.CASCADE, related_name="+")
    data = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.pk}"


class Deal(TenantModel):
    """An opportunity. CRM facts only: nothing of what its seller thinks of it."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="deals",
    )
    owner_name = models.CharField(_("owner in the CRM"), max_length=120, blank=True)
    name = models.CharField(_("name"), max_length=200)
    account = models.CharField(_("customer"), max_length=200, blank=True)
    product = models.CharField(_("product"), max_length=200, blank=True)
    stage = models.ForeignKey(Stage, on_delete=models.RESTRICT, related_name="deals")
    #: Kept equal to stage.type by the domain functions: the list filters on it without a join.
    stage_type = models.CharField(max_length=12, choices=StageType)
    stage_since = models.DateField(null=True, blank=True)
    amount = models.DecimalField(
        _("amount"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    created_on = models.DateField(_("created on"), null=True, blank=True)
    expected_close_on = models.DateField(_("expected close"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    next_step = models.CharField(_("next step"), max_length=300, blank=True)
    next_step_on = models.DateField(_("next step on"), null=True, blank=True)
    stated_reason = models.TextField(_("reason the customer gave"), blank=True)
    crm_reason = models.CharField(_("reason in the CRM"), max_length=300, blank=True)
    source = models.CharField(max_length=40, blank=True)
    external_id = models.CharField(max_length=100, blank=True)
    imported_by = models.ForeignKey(
        Import, on_delete=models.SET_NULL, null=True, blank=True, related_name="deals"
    )
    #: Names of fields a person typed in Spiegel; an import leaves those alone.
    typed_fields = models.JSONField(default=list)
    #: Customer, name, product and external id in plain lower case: searched and sorted on.
    search_text = models.CharField(max_length=600, blank=True)
    #: Sorting without gaps: no amount sorts below every amount, no date after every date.
    amount_order = models.GeneratedField(
        expression=Coalesce("amount", Value(Decimal(-1))),
        output_field=models.DecimalField(max_digits=14, decimal_places=2),
        db_persist=True,
    )
    close_order = models.GeneratedField(
        expression=Coalesce("expected_close_on", Value(date(9999, 12, 31))),
        output_field=models.DateField(),
        db_persist=True,
    )
    last_event_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-last_event_at", "id"]
        # The searched text stands in each of them, so that a search reads the index alone.
        indexes = [
            models.Index(
                fields=["organisation", "-last_event_at", "id", "search_text"], name="deal_recent"
            ),
            models.Index(
                fields=["organisation", "owner", "-last_event_at", "id", "search_text"],
                name="deal_owner_recent",
            ),
            models.Index(
                fields=["organisation", "stage_type", "-last_event_at", "id", "search_text"],
                name="deal_type_recent",
            ),
            models.Index(
                fields=[
                    "organisation",
                    "owner",
                    "stage_type",
                    "-last_event_at",
                    "id",
                    "search_text",
                ],
                name="deal_owner_type_recent",
            ),
            models.Index(fields=["organisation", "search_text", "id"], name="deal_by_customer"),
            models.Index(
                fields=["organisation", "-amount_order", "id", "search_text"], name="deal_by_amount"
            ),
            models.Index(
                fields=["organisation", "close_order", "id", "search_text"], name="deal_by_close"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "source", "external_id"],
                condition=~models.Q(external_id=""),
                name="deal_external_id_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.account} · {self.name}" if self.account else self.name

    @property
    def amount_shown(self) -> str:
        """The amount to read, with its currency; empty without one."""
        return "" if self.amount is None else show_amount(self.amount, self.currency)


class DealEvent(TenantModel):
    """One thing that happened, with its date. Never changed, only added to."""

    class Kind(models.TextChoices):
        CREATED = "created", _("Created")
        STAGE = "stage", _("Stage")
        DATE = "date", _("Close date")
        AMOUNT = "amount", _("Amount")
        OWNER = "owner", _("Owner")
        NOTE = "note", _("Note")
        MEETING = "meeting", _("Meeting")
        CALL = "call", _("Call")
        MAIL = "mail", _("Mail")

    #: The index on deal and moment serves the deal alone too.
    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="events", db_index=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    at = models.DateTimeField(_("when"))
    text = models.TextField(_("what happened"), blank=True)
    #: For changes: {"from": …, "to": …} as text.
    data = models.JSONField(default=dict)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+",
        db_index=False,
    )  # fmt: skip
    imported_by = models.ForeignKey(
        Import, on_delete=models.SET_NULL, null=True, blank=True, related_name="events"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at", "-created_at"]
        indexes = [
            models.Index(fields=["deal", "-at"], name="event_of_deal"),
            models.Index(
                fields=["author"], name="event_by", condition=models.Q(author__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.kind}"


class ImportChange(TenantModel):
    """What one import changed in one deal, so that it can be undone.

    Of a deal that it made nothing is kept here: `Deal.imported_by` says so.
    """

    import_run = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="changes")
    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="+")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.deal_id}"


class ImportRejection(TenantModel):
    """A row that was not taken, and why."""

    import_run = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rejections")
    line = models.PositiveIntegerField()
    code = models.CharField(max_length=60)
    data = models.JSONField(default=dict)
    row = models.JSONField(default=list)

    class Meta:
        ordering = ["line"]

    def __str__(self) -> str:
        return f"{self.line}: {self.code}"


class Connection(TenantModel):
    """A CRM whose deals are read by themselves, and how far that has come."""

    class State(models.TextChoices):
        READY = "ready", _("Connected")
        RUNNING = "running", _("Busy")
        STOPPED = "stopped", _("Stopped")

    system = models.CharField(max_length=20)
    connected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    account = models.CharField(max_length=200, blank=True)
    base_url = models.CharField(max_length=300, blank=True)
    is_key = models.BooleanField(default=False)
    access_encrypted = models.TextField()
    refresh_encrypted = models.TextField(blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    #: Where the next page begins. Moves in the transaction that writes the page before it.
    cursor = models.JSONField(default=dict)
    #: Grows with every page: a worker that was overtaken sees so, and stops.
    step = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State, default=State.READY)
    problem = models.CharField(max_length=40, blank=True)
    problem_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(null=True, blank=True)
    synced_at = models.DateTimeField(null=True, blank=True)
    #: What the sync that is going on has done, and what the last whole one did.
    counts = models.JSONField(default=dict)
    last_counts = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["system"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "system"], name="connection_once")
        ]

    def __str__(self) -> str:
        return self.system
