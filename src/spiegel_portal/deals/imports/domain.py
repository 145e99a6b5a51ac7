"""What a person does with an import: upload, choose, start, undo, throw away.

A long file is read by a background job first (reading → uploaded), a short one while the person
waits. An import goes uploaded → queued → applying → applied → undoing → undone, or from applying to
failed and, when started again, to queued. Each step is a conditional update, so that two clicks
or two workers take it once.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_q.tasks import async_task

from spiegel.crm import Source, read, tells_events
from spiegel.errors import InputError
from spiegel_portal.common.audit import record
from spiegel_portal.common.errors import Refused
from spiegel_portal.deals.models import Import

from . import files
from .choices import Choices, remembered
from .compare import description, looked_at, plans_of, understood
from .events import KIND as EVENTS
from .events import events_description, events_found, events_plan
from .plan import Plan

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from spiegel.crm import Rejection, Table
    from spiegel_portal.people.models import Organisation, User

State = Import.State
_LOOK = "spiegel_portal.deals.imports.tasks.look"
_APPLY = "spiegel_portal.deals.imports.tasks.apply"
_UNDO = "spiegel_portal.deals.imports.tasks.undo"
#: A file of so many rows is read while the person waits; a longer one by a background job.
AT_ONCE = 20_000
#: Seconds that a job may take.
_PATIENCE = 3_600


def upload_import(
    *,
    organisation: Organisation,
    user: User | None,
    filename: str,
    data: bytes | Path,
    max_bytes: int,
    choices: Choices | None = None,
    table: Table | None = None,
    foresee: bool = True,
    wait: bool = True,
) -> Import:
    """Take in a file and work out what it says; no deal is touched.

    Args:
        organisation: Whose scope is open.
        user: Who uploads; None for a command that acts for the organisation.
        filename: As the person's own computer calls it.
        data: The whole file, or where it is.
        max_bytes: The most that is accepted.
        choices: What has been decided already.
        table: The same file, where it has been read already.
        foresee: Whether to work out what the import would do to each deal, which a long file
            takes as long for as being imported.
        wait: Whether to read a long file now too, and not in a background job.

    Raises:
        InputError: The file is refused, as :func:`spiegel.crm.read`, or a choice cannot be.
    """
    table = table or read(data, max_bytes=max_bytes)
    source = Source(data)
    digest = hashlib.sha256()
    for chunk in source.chunks():
        digest.update(chunk)
    run = Import(
        organisation=organisation,
        uploaded_by=user,
        filename=filename.replace("\\", "/").rsplit("/", maxsplit=1)[-1][-255:] or "deals.csv",
        sha256=digest.hexdigest(),
        size=source.size,
        total=len(table.rows),
    )
    known, file = (choices, "") if choices else remembered(header=list(table.header), user=user)
    now = wait or run.total <= AT_ONCE
    if now:
        _look(run, table, known, foresee=foresee)
    else:
        run.state, run.choices = State.READING, known.to_json()
    run.understanding["remembered"] = file
    with transaction.atomic():
        run.save()
        files.keep(import_run=run, source=source)
        if not now:
            _look_later(run, start=False)
    return run


def choose(*, import_run: Import, choices: Choices, start: bool = False) -> Import:
    """Change how an uploaded file is read, and look again at what it would do.

    A long file is looked at by a background job; the import is then ``reading``.

    Args:
        import_run: An import that has not started.
        choices: What was chosen.
        start: Whether a long file is imported at once when nothing is left to answer.

    Raises:
        InputError: A choice that cannot be; what was chosen before stands.
        Refused: The import has started already.
    """
    if import_run.state != State.UPLOADED:
        raise _started_already()
    if import_run.total > AT_ONCE:
        return _choose_later(import_run, choices, start=start)
    kept = import_run.understanding.get("remembered", "")
    _look(import_run, files.table_of(import_run=import_run), choices)
    import_run.understanding["remembered"] = kept
    changed = Import.objects.filter(pk=import_run.pk, state=State.UPLOADED).update(
        choices=import_run.choices, understanding=import_run.understanding
    )
    if not changed:
        raise _started_already()
    return import_run


def _choose_later(run: Import, choices: Choices, *, start: bool) -> Import:
    if choices.to_json() == run.choices:
        return run
    mapped = [header for header in choices.mapping.values() if header]
    twice = next((header for header in mapped if mapped.count(header) > 1), None)
    if twice:  # the one choice a form lets through that cannot be
        raise InputError(
            "header-twice", f"The column {twice} is chosen for two fields.", header=twice
        )
    with transaction.atomic():
        moved = Import.objects.filter(pk=run.pk, state=State.UPLOADED).update(
            state=State.READING, choices=choices.to_json()
        )
        if not moved:
            raise _started_already()
        run.state = State.READING
        _look_later(run, start=start)
    return run


def _look_later(run: Import, *, start: bool) -> None:
    ids = (str(run.organisation_id), str(run.pk))
    async_task(_LOOK, *ids, start, q_options={"timeout": _PATIENCE})


def look(*, import_id: UUID | str, start: bool) -> None:
    """Read a long file, as the job that :func:`upload_import` and :func:`choose` leave it to.

    Safe to call again at any moment.

    Args:
        import_id: An import whose file is to be read.
        start: Whether to import it at once when nothing is left to answer.
    """
    run: Import = Import.objects.select_related("organisation", "uploaded_by").get(pk=import_id)
    if run.state != State.READING:
        return
    kept = run.understanding.get("remembered", "")
    _look(run, files.table_of(import_run=run), Choices.from_json(run.choices))
    run.understanding["remembered"] = kept
    read_now = Import.objects.filter(pk=run.pk, state=State.READING).update(
        state=State.UPLOADED, understanding=run.understanding
    )
    run.state = State.UPLOADED
    if read_now and start and problem_of(import_run=run) is None:
        start_import(import_run=run)


def problem_of(*, import_run: Import) -> Refused | None:
    """Say what must be answered or done before an import can start; None when nothing."""
    if import_run.understanding.get("kind") == EVENTS:
        return _problem_of_events(import_run.understanding)
    return _problem_of_deals(import_run)


def _problem_of_deals(import_run: Import) -> Refused | None:
    understanding = import_run.understanding
    if understanding["missing"]:
        return Refused(
            "column-missing",
            _("Say first which columns hold the stage and the name of the deals."),
        )
    if understanding["stage_types"]["unknown"]:
        return Refused("stages-unknown", _("Say first what each new stage means."))
    if not understanding["owner_mode"]:
        return Refused(
            "owners-unknown",
            _("Say first whose deals these are: your name is not among the owners in the file."),
        )
    if not understanding["deals"]:
        return Refused("no-deals", _("No row of this file can be taken as a deal."))
    has_id = "external_id" in understanding["mapping"] or understanding.get("key")
    if not has_id and _same_file_applied(import_run):
        return Refused(
            "same-file",
            _(
                "This same file was imported before, and without ids its deals would come in "
                "twice. Undo that import first."
            ),
        )
    return None


def _problem_of_events(understanding: dict[str, Any]) -> Refused | None:
    if understanding["missing"]:
        return Refused(
            "column-missing",
            _("This file tells what happened, but no column says when, or to which deal."),
        )
    if not understanding["plan"]["new"] and not understanding["plan"]["known"]:
        return Refused(
            "no-events",
            _("None of this happened to a deal that is here. Bring in the deals first."),
        )
    return None


def start_import(*, import_run: Import) -> None:
    """Hand an import to a background job; a second click changes nothing.

    Raises:
        Refused: Something must be answered first.
    """
    problem = problem_of(import_run=import_run)
    if problem:
        raise problem
    with transaction.atomic():
        if _move(import_run, (State.UPLOADED, State.FAILED), State.QUEUED):
            _later(_APPLY, import_run)


def start_undo(*, import_run: Import, actor: User) -> None:
    """Hand the undoing of an import to a background job; a second click changes nothing."""
    with transaction.atomic():
        if _move(import_run, (State.APPLIED,), State.UNDOING):
            record(
                organisation=import_run.organisation,
                actor=actor,
                action="import.undone",
                subject=import_run.filename,
            )
            _later(_UNDO, import_run)


def _later(job: str, run: Import) -> None:
    async_task(job, str(run.organisation_id), str(run.pk), q_options={"timeout": _PATIENCE})


def discard_import(*, import_run: Import) -> None:
    """Throw away an upload that was never applied, with its file.

    Raises:
        Refused: It has started already.
    """
    done, _rows = Import.objects.filter(
        pk=import_run.pk, state__in=(State.READING, State.UPLOADED, State.FAILED)
    ).delete()
    if not done:
        raise _started_already()


def rejections_of(*, import_run: Import) -> list[Rejection]:
    """Give the rows of an uploaded file that would not be taken. Needs an open scope.

    Raises:
        InputError: As :func:`~.files.table_of`.
    """
    table = files.table_of(import_run=import_run)
    choices = Choices.from_json(import_run.choices)
    if import_run.understanding.get("kind") == EVENTS:
        found = events_found(table, choices)
        now = timezone.now()
        return events_plan(import_run=import_run, table=table, found=found, now=now).rejections
    known = understood(import_run=import_run, table=table, choices=choices)
    plans = plans_of(import_run=import_run, known=known)
    return [row for plan in plans for row in plan.rejections]


def _look(run: Import, table: Table, choices: Choices, *, foresee: bool = True) -> None:
    if tells_events(table):
        _look_at_events(run, table, choices)
        return
    known = understood(import_run=run, table=table, choices=choices)
    plan, rejections = (
        looked_at(import_run=run, known=known) if foresee else (Plan(), known.found.rejections)
    )
    run.choices = choices.to_json()
    run.understanding = description(
        known=known, plan=plan, rejections=rejections, choices=choices, before=run.understanding
    )


def _look_at_events(run: Import, table: Table, choices: Choices) -> None:
    found = events_found(table, choices)
    plan = events_plan(import_run=run, table=table, found=found, now=timezone.now())
    run.choices = choices.to_json()
    run.understanding = events_description(found=found, plan=plan, table=table, choices=choices)


def _move(run: Import, before: tuple[Import.State, ...], after: Import.State) -> bool:
    moved = Import.objects.filter(pk=run.pk, state__in=before).update(state=after, done=0)
    if moved:
        run.state = after
    return bool(moved)


def _same_file_applied(run: Import) -> bool:
    same = Import.objects.filter(sha256=run.sha256, state__in=(State.APPLIED, State.APPLYING))
    return same.exclude(pk=run.pk).exists()


def _started_already() -> Refused:
    return Refused("started-already", _("This import has started already."))
