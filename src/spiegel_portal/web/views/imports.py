"""Bringing in deals from a file: upload, what was understood, progress, report, undo."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from spiegel.errors import InputError
from spiegel_portal.common.errors import Refused
from spiegel_portal.deals.imports import domain, queries, words
from spiegel_portal.deals.imports.choices import own_stage_types
from spiegel_portal.deals.imports.forms import EventsForm, QuestionsForm, UploadForm
from spiegel_portal.deals.imports.progress import percent_of
from spiegel_portal.deals.imports.report import rejected_rows
from spiegel_portal.deals.models import Import
from spiegel_portal.people.access import member_required
from spiegel_portal.people.permissions import may_administer

if TYPE_CHECKING:
    from uuid import UUID

    from spiegel_portal.common.requests import MemberRequest

State = Import.State
_BUSY = frozenset({State.READING, State.QUEUED, State.APPLYING, State.UNDOING})
#: Earlier imports on the list, and rejected rows on the report.
_LISTED = 50


@require_safe
@member_required
def import_list(request: MemberRequest) -> HttpResponse:
    """List the imports this member may see, newest first."""
    imports = queries.visible_imports(membership=request.membership)[:_LISTED]
    context = {"imports": imports, "administers": may_administer(request.membership)}
    return render(request, "web/imports/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def import_new(request: MemberRequest) -> HttpResponse:
    """Take in a file; a refused one is answered with the sentence that says why."""
    sent = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if sent else UploadForm()
    if sent and form.is_valid():
        upload = form.cleaned_data["file"]
        limit = settings.SPIEGEL_IMPORT_MAX_BYTES
        try:
            run = domain.upload_import(
                organisation=request.organisation,
                user=request.user,
                filename=upload.name,
                data=_bytes_of(upload, limit),
                max_bytes=limit,
                wait=False,
            )
        except InputError as error:
            form.add_error("file", words.refusal(error.code, error.data))
        else:
            return redirect("import_detail", import_id=run.pk)
    return render(request, "web/imports/new.html", {"form": form}, status=_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def import_detail(request: MemberRequest, import_id: UUID) -> HttpResponse:
    """Show one import as it stands: its questions, its progress, or its report."""
    run = queries.visible_import(membership=request.membership, import_id=import_id)
    if run.state == State.UPLOADED:
        return _understanding(request, run)
    if run.state in _BUSY:
        return render(request, "web/imports/progress.html", _progress(run))
    return render(request, "web/imports/report.html", _report(run))


@require_safe
@member_required
def import_progress(request: MemberRequest, import_id: UUID) -> HttpResponse:
    """Show how far an import is, as a piece of its page; when done, the whole page again."""
    run = queries.visible_import(membership=request.membership, import_id=import_id)
    response = render(request, "web/imports/progress.html#progress", _progress(run))
    if run.state not in _BUSY:
        response["HX-Refresh"] = "true"
    return response


@require_safe
@member_required
def import_rejected(request: MemberRequest, import_id: UUID) -> HttpResponse:
    """Give the rejected rows as a file, each with its line and the reason."""
    run = queries.visible_import(membership=request.membership, import_id=import_id)
    lines = "".join(rejected_rows(import_run=run))
    response = HttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{_("rejected-rows")}.csv"'
    return response


@require_POST
@member_required
def import_again(request: MemberRequest, import_id: UUID) -> HttpResponse:
    """Start an import again that failed."""
    run = queries.visible_import(membership=request.membership, import_id=import_id)
    return _started(request, run)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def import_undo(request: MemberRequest, import_id: UUID) -> HttpResponse:
    """Take an import back, after asking."""
    run = queries.visible_import(membership=request.membership, import_id=import_id)
    if request.method == "POST":
        domain.start_undo(import_run=run, actor=request.user)
        return redirect("import_detail", import_id=run.pk)
    return render(request, "web/imports/undo.html", {"run": run})


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def import_discard(request: MemberRequest, import_id: UUID) -> HttpResponse:
    """Throw away an upload that was never applied, after asking."""
    run = queries.visible_import(membership=request.membership, import_id=import_id)
    if request.method != "POST":
        return render(request, "web/imports/discard.html", {"run": run})
    try:
        domain.discard_import(import_run=run)
    except Refused as refusal:
        messages.error(request, str(refusal.message))
        return redirect("import_detail", import_id=run.pk)
    messages.success(request, _("The file is thrown away; no deal was changed."))
    return redirect("import_list")


def _understanding(request: MemberRequest, run: Import) -> HttpResponse:
    """Show what was understood; take answers; start when everything is answered."""
    events = run.understanding.get("kind") == "events"
    form = _questions(request, run, request.POST or None)
    problem = None
    if request.method == "POST" and form.is_valid():
        try:
            apply = request.POST.get("do") == "apply"
            domain.choose(import_run=run, choices=form.choices(), start=apply)
        except InputError as error:
            problem = words.refusal(error.code, error.data)
        except Refused:  # somebody started it meanwhile: show how far it is
            return redirect("import_detail", import_id=run.pk)
        else:
            if not apply or run.state == State.READING:
                return redirect("import_detail", import_id=run.pk)
            refused = domain.problem_of(import_run=run)
            if refused is None:
                return _started(request, run)
            problem = str(refused.message)
            form = _questions(request, run, None)
    said = _understood_events(run) if events else _understood(run)
    context = {"run": run, "form": form, "problem": problem, **said}
    status = 422 if problem or (form.is_bound and form.errors) else 200
    page = "web/imports/events.html" if events else "web/imports/understanding.html"
    return render(request, page, context, status=status)


def _bytes_of(upload: UploadedFile[bytes], limit: int) -> bytes | Path:
    """Give an upload's bytes, or where it is: a large one is on disk already."""
    if isinstance(upload, TemporaryUploadedFile):
        return Path(upload.temporary_file_path())
    data: bytes = upload.read(limit + 1)
    return data


def _progress(run: Import) -> dict[str, Any]:
    return {"run": run, "percent": percent_of(import_run=run)}


def _questions(request: MemberRequest, run: Import, data: Any) -> QuestionsForm | EventsForm:
    if run.understanding.get("kind") == "events":
        return EventsForm(data, run=run)
    members = queries.members() if run.understanding["for_all"] else [request.user]
    return QuestionsForm(data, run=run, own_stages=own_stage_types(), members=members)


def _said(run: Import) -> dict[str, Any]:
    """What is said of every file, in the reader's language."""
    found = run.understanding
    return {
        "found": found,
        "doubts": [words.doubt(doubt["code"], doubt["data"]) for doubt in found["doubts"]],
        "rejections": [
            (row["line"], words.rejection(row["code"], row["data"])) for row in found["rejections"]
        ],
        "dates": words.decided_dates(found["dates"]),
        "open_question": domain.problem_of(import_run=run),
        "period": [date.fromisoformat(day) for day in found["period"] or ()],
    }


def _understood_events(run: Import) -> dict[str, Any]:
    found = run.understanding
    return {
        **_said(run),
        "kinds": [(words.EVENT_KINDS[kind], number) for kind, number in found["kinds"].items()],
    }


def _understood(run: Import) -> dict[str, Any]:
    found = run.understanding
    totals = found.get("totals", {"": found["amount_total"]})
    return {
        **_said(run),
        "amounts": words.decided_amounts(found["amounts"]),
        "types": [
            (words.STAGE_TYPES[kind], number) for kind, number in found["stage_types"].items()
        ],
        "totals": [(code, Decimal(total)) for code, total in totals.items()],
    }


def _report(run: Import) -> dict[str, Any]:
    rows = queries.rejections(import_run=run)
    report = run.report
    undone = report.get("undone") or {}
    return {
        "run": run,
        "report": report,
        "of_events": run.understanding.get("kind") == "events",
        "failure": words.refusal(report["code"], report["data"]) if "code" in report else "",
        "rows": [
            (row.line, row.row, words.rejection(row.code, row.data)) for row in rows[:_LISTED]
        ],
        "undone": undone,
        "kept": [(words.KEPT[reason], number) for reason, number in undone.get("kept", {}).items()],
        "kept_deals": [(deal, words.KEPT[deal["reason"]]) for deal in undone.get("kept_deals", ())],
    }


def _started(request: MemberRequest, run: Import) -> HttpResponse:
    try:
        domain.start_import(import_run=run)
    except Refused as refusal:
        messages.error(request, str(refusal.message))
    return redirect("import_detail", import_id=run.pk)


def _status(form: UploadForm) -> int:
    return 422 if form.is_bound and form.errors else 200
