"""Every address of the portal, who may open it, and what each person gets.

Adding a route is adding one line to ROUTES; `python tools/routes.py` then writes docs/routes.md
anew. tests/spiegel_portal/web/test_access.py opens every one as each person, and fails on a route
that has no line here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from spiegel_portal.common.tenancy import organisation_scope
from spiegel_portal.people.models import Invitation, Membership

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.scene import Scene

#: Members of the owner's organisation, a coach of a centre (no member), a member elsewhere, nobody.
PEOPLE = (
    "colleague", "manager", "administrator", "coach", "stranger", "anonymous", "owner",
)  # fmt: skip

LOG_IN = "log in"  # redirected to the log-in page
NO_ORGANISATION = "start"  # redirected to making an organisation of one's own


@dataclass(frozen=True)
class Audience:
    """Who may open something, in words and as the answer each person gets."""

    words: str
    answers: dict[str, int | str]

    def but(self, **answers: int | str) -> Audience:
        """The same audience with other answers for some."""
        return Audience(self.words, {**self.answers, **answers})


def _audience(words: str, yes: int, no: int, *allowed: str) -> Audience:
    answers: dict[str, int | str] = {person: yes if person in allowed else no for person in PEOPLE}
    answers["coach"] = yes if "coach" in allowed else NO_ORGANISATION
    answers["anonymous"] = yes if "anonymous" in allowed else LOG_IN
    return Audience(words, answers)


def everybody(status: int = 200) -> Audience:
    """Anyone, with or without an account."""
    return _audience("everybody", status, status, *PEOPLE)


def visitors(status: int = 200) -> Audience:
    """Those not logged in; others are sent on."""
    return _audience("who is not logged in", 302, 302, *PEOPLE).but(anonymous=status)


def signed_in(status: int = 200) -> Audience:
    """Anyone with an account, member of an organisation or not."""
    return _audience("who is logged in", status, status, *PEOPLE).but(anonymous=LOG_IN)


def members(status: int = 200) -> Audience:
    """Every member of any organisation; what they see on it is their own."""
    allowed = ("owner", "colleague", "manager", "administrator", "stranger")
    return _audience("members", status, 404, *allowed)


def own(status: int = 200) -> Audience:
    """The one whose thing it is."""
    return _audience("its author", status, 404, "owner")


def team(status: int = 200) -> Audience:
    """The deal's owner and the manager of their team."""
    return _audience("the deal's owner and their manager", status, 404, "owner", "manager")


def importers(status: int = 200) -> Audience:
    """Who uploaded a file, and those who may import for the whole organisation."""
    return _audience(
        "who uploaded it, managers, administrators", status, 404,
        "owner", "manager", "administrator",
    )  # fmt: skip


def administrators(status: int = 200) -> Audience:
    """Administrators of an organisation."""
    return _audience("administrators", status, 404, "administrator")


def nobody(status: int = 404) -> Audience:
    """Pages that are there in debug only."""
    return _audience("developers, in debug", status, status, *PEOPLE)


def nothing(_scene: Scene) -> dict[str, Any]:
    """The arguments of an address without any."""
    return {}


@dataclass(frozen=True)
class Route:
    """One address.

    Args:
        name: The URL's name.
        what: What is there, in a few words for docs/routes.md.
        audience: Who gets what.
        kwargs: Makes the address's arguments from a scene.
        method: How it is opened: ``get``, or ``post`` for what only answers to that.
        data: What is sent with a post.
        saves: What an autosave sends, as JSON.
        page: Whether the browser tests look at it as a page.
    """

    name: str
    what: str
    audience: Audience
    kwargs: Callable[[Scene], dict[str, Any]] = nothing
    method: str = "get"
    data: dict[str, str] = field(default_factory=dict)
    saves: dict[str, Any] | None = None
    page: bool = True

    @property
    def named(self) -> bool:
        """Whether the address names somebody's thing."""
        return self.kwargs in {deal, debrief, draft, lesson, plan, holiday, share, upload}


def deal(scene: Scene) -> dict[str, Any]:
    """The owner's lost deal."""
    return {"deal_id": scene.lost.pk}


def debrief(scene: Scene) -> dict[str, Any]:
    """The owner's finished debrief."""
    return {"debrief_id": scene.debrief.pk}


def draft(scene: Scene) -> dict[str, Any]:
    """The owner's unfinished debrief."""
    return {"debrief_id": scene.draft.pk}


def lesson(scene: Scene) -> dict[str, Any]:
    """The owner's lesson."""
    return {"lesson_id": scene.lesson.pk}


def plan(scene: Scene) -> dict[str, Any]:
    """The owner's plan."""
    return {"plan_id": scene.plan.pk}


def own_lesson(scene: Scene) -> dict[str, Any]:
    """The owner's lesson, as a thing to share."""
    return {"kind": "lesson", "item_id": scene.lesson.pk}


def share(scene: Scene) -> dict[str, Any]:
    """What the owner shares with the coach."""
    return {"share_id": scene.share.pk}


def holiday(scene: Scene) -> dict[str, Any]:
    """The owner's holiday, which has not begun."""
    return {"hold_id": scene.hold.pk}


def plan_field(_scene: Scene) -> dict[str, Any]:
    """The field of a debrief that holds the deal of its plan."""
    return {"field": "plan_deal"}


def upload(scene: Scene) -> dict[str, Any]:
    """A file the owner uploaded, with a deal in it."""
    return {"import_id": scene.upload.pk}


def crm(_scene: Scene) -> dict[str, Any]:
    """The CRM that the owner's organisation is connected with."""
    return {"system": "hubspot"}


def first(_scene: Scene) -> dict[str, Any]:
    """The first of one's own three situations."""
    return {"position": 1}


def mail_key(_scene: Scene) -> dict[str, Any]:
    """A key that was never sent to anybody."""
    return {"key": "never-sent"}


def reset_key(_scene: Scene) -> dict[str, Any]:
    """The same for a new password."""
    return {"uidb36": "1", "key": "never-sent"}


def never_sent(_scene: Scene) -> dict[str, Any]:
    """The secret of an invitation that was never sent."""
    return {"secret": "never-sent"}


def to_read(_scene: Scene) -> dict[str, Any]:
    """One's data as a page to read."""
    return {"kind": "html"}


def member(scene: Scene) -> dict[str, Any]:
    """The colleague's membership."""
    with organisation_scope(scene.house.organisation):
        return {"member_id": Membership.objects.get(user=scene.house.colleague).pk}


def invitation(scene: Scene) -> dict[str, Any]:
    """An open invitation of the owner's organisation."""
    with organisation_scope(scene.house.organisation):
        made, _ = Invitation.objects.get_or_create(
            organisation=scene.house.organisation,
            email="new@test.example",
            defaults={"expires_at": timezone.now() + timedelta(days=9), "secret_hash": "x"},
        )
    return {"invitation_id": made.pk}


def passkey(_scene: Scene) -> dict[str, Any]:
    """A passkey that nobody has."""
    return {"pk": 4711}


#: What the page of a debrief sends while its author types.
TYPED = {"client": "a-page", "base_version": 1, "texts": {"own_part": "I did not ask."}}

ROUTES = (
    # The public part.
    Route("front", "what Spiegel is, and the mirror to try", everybody().but(
        **dict.fromkeys((*PEOPLE[:5], "owner"), 302))),
    Route("mirror", "marks of a text; nothing is stored", everybody(), method="post",
          data={"text": "They never listen."}),
    Route("style", "the design system's page", nobody(), page=False),
    # Deals.
    Route("deal_list", "deals, with search and filters", members()),
    Route("deal_add", "add a deal by hand", members()),
    Route("deal_detail", "one deal with its timeline", team(), deal),
    Route("deal_edit", "change a deal", team(), deal),
    Route("deal_delete", "delete a deal", own(), deal),
    Route("deal_event_add", "add to a deal's timeline", team(422), deal, method="post"),
    # Imports.
    Route("import_list", "earlier imports", members()),
    Route("import_new", "upload a file of deals", members()),
    Route("import_detail", "what a file says, its progress, its report", importers(), upload),
    Route("import_progress", "how far an import is", importers(), upload, page=False),
    Route("import_rejected", "the rejected rows as a file", importers(), upload, page=False),
    Route("import_again", "start an import again", importers(302), upload, method="post"),
    Route("import_undo", "take an import back, after asking", importers(), upload),
    Route("import_discard", "throw an upload away, after asking", importers(), upload),
    # Connections with CRMs.
    Route("connection_list", "connections with CRMs and how they stand", administrators()),
    Route("connection_connect", "connect a CRM", administrators(), crm),
    Route("connection_callback", "come back from a CRM", administrators(302), crm, page=False),
    Route("connection_sync", "read a CRM now", administrators(302), crm, method="post"),
    Route("connection_disconnect", "disconnect a CRM, after asking", administrators(), crm),
    # Debriefs, lessons and plans.
    Route("debrief_list", "one's own debriefs", members()),
    Route("debrief_start", "start looking back on a deal", own(302), deal),
    Route("debrief_edit", "write a debrief", own(), draft),
    Route("debrief_detail", "read a finished debrief", own(), debrief),
    Route("debrief_save", "autosave of a debrief", own(), draft, method="post", saves=TYPED),
    Route("debrief_reopen", "go on writing in a finished debrief", own(302), debrief,
          method="post"),
    Route("debrief_export", "a debrief to keep", own(), debrief, page=False),
    Route("debrief_delete", "delete a debrief", own(), debrief),
    Route("debrief_confirm_reason", "add the reason the buyer confirmed", own(302), debrief,
          method="post"),
    Route("debrief_mirror", "marks of one's own text, without those answered", members(),
          method="post", data={"text": "They never listen."}),
    Route("mark_answer", "say yes or not so to a mark", members(422), method="post"),
    Route("my_mirror", "what the mirror learnt from one's own answers", members()),
    Route("language_model_refuse", "keep one's own texts from the language model, or no longer",
          members(302), method="post"),
    Route("my_mirror_forget", "forget one's own answers to marks", members(302), method="post"),
    Route("plan_deals", "open deals to tie a plan to", members(), plan_field, page=False),
    Route("situations", "the three situations", members()),
    Route("situation_edit", "write one of the three situations; who has not begun goes to begin",
          members(302).but(owner=200), first),
    Route("situation_save", "autosave of a situation", own(), first, method="post",
          saves=TYPED),
    Route("lesson_list", "one's own lessons", members()),
    Route("lesson_detail", "one lesson with its plans", own(), lesson),
    Route("lesson_retire", "put a lesson away", own(302), lesson, method="post"),
    Route("plan_answer", "say how a plan went", own(), plan),
    # People.
    Route("language", "choose the language", everybody(302), method="post"),
    Route("settings", "one's name, language and ways to log in", signed_in()),
    Route("my_data", "what is one's own", signed_in()),
    Route("my_data_export", "everything of one's own, to keep", signed_in(), to_read, page=False),
    Route("my_data_erase", "erase everything of one's own", signed_in()),
    Route("organisation_start", "start an organisation", signed_in().but(coach=302)),
    Route("organisation_switch", "go to another organisation of one's own", signed_in(404),
          method="post"),
    Route("language_model", "choose the language model of the mirror", administrators()),
    Route("invitation_accept", "accept an invitation", everybody(404), never_sent, page=False),
    Route("member_list", "who works here", members()),
    Route("member_edit", "change a member's role or team", administrators(), member),
    Route("member_remove", "end a membership", administrators(), member),
    Route("invitation_new", "invite colleagues", administrators()),
    Route("invitation_withdraw", "end an invitation", administrators(302), invitation,
          method="post"),
    Route("team_add", "make a team", administrators(422), method="post"),
    # Today and practice.
    Route("today", "what is next", members()),
    Route("practice", "recall a lesson", members()),
    Route("practice_cards", "all of one's own cards", members()),
    Route("hold", "take a holiday from practice", members()),
    Route("hold_end", "end a holiday", own(302), holiday, method="post"),
    # Sharing.
    Route("share_list", "what is shared, by and with oneself", signed_in()),
    Route("share_new", "show a lesson to somebody", own(), own_lesson),
    Route("share_end", "stop sharing", own(302), share, method="post"),
    Route("shared_item", "read what was shared", own().but(coach=200), share),
    # Accounts (django-allauth).
    Route("account_login", "log in", visitors()),
    Route("account_signup", "make an account", visitors()),
    Route("account_logout", "log out, after asking", signed_in().but(anonymous=302)),
    Route("account_inactive", "told that an account is closed", everybody(), page=False),
    Route("account_reauthenticate", "confirm who one is", signed_in()),
    Route("account_email", "one's e-mail addresses", signed_in()),
    Route("account_email_verification_sent", "told to look in one's mail", everybody()),
    Route("account_confirm_email", "confirm an e-mail address", everybody(), mail_key,
          page=False),
    Route("account_change_password", "change one's password", signed_in()),
    Route("account_set_password", "set a first password", signed_in(302), page=False),
    Route("account_reset_password", "ask for a new password", everybody()),
    Route("account_reset_password_done", "told to look in one's mail", everybody()),
    Route("account_reset_password_from_key", "choose a new password", everybody(), reset_key),
    Route("account_reset_password_from_key_done", "told that the password is new", everybody()),
    Route("account_confirm_login_code", "type the code from the mail",
          everybody(302).but(anonymous=LOG_IN), page=False),
    Route("mfa_index", "ways to prove who one is", signed_in()),
    Route("mfa_authenticate", "second step of logging in",
          everybody(302).but(anonymous=LOG_IN), page=False),
    Route("mfa_reauthenticate", "confirm with a code", signed_in(302), page=False),
    Route("mfa_activate_totp", "add an authenticator app", signed_in()),
    Route("mfa_deactivate_totp", "remove the authenticator app", signed_in(404), page=False),
    Route("mfa_view_recovery_codes", "see one's recovery codes", signed_in(404), page=False),
    Route("mfa_generate_recovery_codes", "make new recovery codes", signed_in(), page=False),
    Route("mfa_download_recovery_codes", "recovery codes to keep", signed_in(404), page=False),
    Route("mfa_list_webauthn", "one's passkeys", signed_in()),
    Route("mfa_add_webauthn", "add a passkey", signed_in(), page=False),
    Route("mfa_reauthenticate_webauthn", "confirm with a passkey", signed_in(302), page=False),
    Route("mfa_remove_webauthn", "remove a passkey", signed_in(404), passkey, page=False),
    Route("mfa_edit_webauthn", "name a passkey", signed_in(404), passkey, page=False),
    Route("mfa_login_webauthn", "log in with a passkey",
          everybody(302).but(anonymous=LOG_IN), page=False),
)  # fmt: skip
