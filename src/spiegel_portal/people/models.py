"""People, the organisations and centres they work in, and what they share."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from spiegel_portal.common.models import TenantModel


class UserManager(BaseUserManager["User"]):
    """Makes people from an e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make a person; the e-mail address is kept in lower case, so it is found in any."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make a person with every Django permission; Spiegel gives them no special view."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        """Find a person by e-mail address in any case."""
        return self.get(email=(username or "").lower())


class User(AbstractUser):
    """A person. Known by e-mail address; may be a member of several organisations and centres."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = None  # type: ignore[assignment]  # the e-mail address is the name to log in with
    first_name = None  # type: ignore[assignment]  # one field: not every name has two parts
    last_name = None  # type: ignore[assignment]  # see username
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=5, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]  # no username in it

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        """The name people see: the given name, or else the e-mail address."""
        return str(self)

    def get_short_name(self) -> str:
        """The first word of the name people see."""
        return str(self).split()[0]


class Organisation(models.Model):
    """A company whose sellers use Spiegel, or a solo seller: the tenant."""

    class Kind(models.TextChoices):
        COMPANY = "company", _("Company")
        SOLO = "solo", _("On my own")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.COMPANY)
    language = models.CharField(_("language"), max_length=5, default="nl")
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a member does in an organisation."""

    SELLER = "seller", _("Seller")
    MANAGER = "manager", _("Manager")
    ADMINISTRATOR = "administrator", _("Administrator")


class CentreRole(models.TextChoices):
    """What a member does at a training centre."""

    TRAINER = "trainer", _("Trainer")
    COACH = "coach", _("Coach")
    ADMINISTRATOR = "administrator", _("Administrator")


class Team(TenantModel):
    """Sellers who work together under the same managers."""

    name = models.CharField(_("name"), max_length=120)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="team_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class Membership(TenantModel):
    """A person in an organisation, with a role and perhaps a team."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=15, choices=Role, default=Role.SELLER)
    team = models.ForeignKey(
        Team, on_delete=models.SET_NULL, null=True, blank=True, related_name="memberships"
    )
    joined_at = models.DateTimeField(auto_now_add=True)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "user"], name="member_once")]

    def __str__(self) -> str:
        return f"{self.user} ({self.role})"


class Invitation(TenantModel):
    """An e-mail address asked to join. The link's secret is kept only as its hash."""

    email = models.EmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=15, choices=Role, default=Role.SELLER)
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, blank=True)
    secret_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.email


class Centre(models.Model):
    """A training centre: serves many organisations with trainers and coaches."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    serves = models.ManyToManyField(Organisation, blank=True, related_name="centres")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class CentreMembership(models.Model):
    """A person at a training centre."""

    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="centre_memberships")
    role = models.CharField(_("role"), max_length=15, choices=CentreRole)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["centre", "user", "role"], name="centre_role_once")
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.role})"


class Share(TenantModel):
    """One item, shown by its author to one named person until a date."""

    class Kind(models.TextChoices):
        DEBRIEF = "debrief", _("Debrief")
        LESSON = "lesson", _("Lesson")

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="shares_given")
    recipient = models.ForeignKey(User, on_delete=models.CASCADE, related_name="shares_received")
    kind = models.CharField(max_length=10, choices=Kind)
    item_id = models.UUIDField()
    with_marks = models.BooleanField(_("show the mirror's marks too"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    ends_on = models.DateField(_("until and including"))
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["recipient", "-created_at"]),
            models.Index(fields=["kind", "item_id"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "recipient", "kind", "item_id"], name="share_once_a_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.item_id} → {self.recipient}"


class ShareView(TenantModel):
    """Somebody looked at what was shared with them. The author sees these."""

    share = models.ForeignKey(Share, on_delete=models.CASCADE, related_name="views")
    viewer = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.viewer} {self.at:%Y-%m-%d %H:%M}"
