"""`spiegel import`: bring in a file of deals from the command line, as the import page does."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from spiegel.cli import Parser
from spiegel.crm import MAX_BYTES, STAGE_TYPES, read
from spiegel.errors import InputError
from spiegel_portal.common.tenancy import organisation_scope
from spiegel_portal.deals.imports import domain, words
from spiegel_portal.deals.imports.applying import apply_import
from spiegel_portal.deals.imports.choices import OWNER_MODES, Choices
from spiegel_portal.deals.models import Import, ImportRejection
from spiegel_portal.people.models import Membership, Organisation, User

from .serve import prepare

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from spiegel.crm import Table


def main(argv: list[str]) -> int:
    """Read a file, say what it says, and write its deals unless it is a dry run.

    Returns:
        0 when done; 1 when it failed while writing, and nothing was written.

    Raises:
        InputError: The file, the organisation, the person or an option cannot be used.
    """
    options = _parser().parse_args(argv)
    prepare()
    organisation = _organisation(options.organisation)
    with organisation_scope(organisation):
        table = _read(options.file)
        run = _upload(options, organisation, table)
        if options.dry_run:
            _print(_outcome(run), as_json=options.json)
            return 0
        run = _apply(_unfinished(run) or run, table)
        _print(_outcome(run), as_json=options.json)
    return 0 if run.state == Import.State.APPLIED else 1


def _parser() -> Parser:
    parser = Parser(
        prog="spiegel import",
        description="Bring an export of a CRM (CSV or .xlsx) into an organisation. All of it or "
        "none of it; the same file again changes nothing.",
    )
    parser.add_argument(
        "file", metavar="FILE", type=Path, help="a CSV file or an Excel workbook (.xlsx)"
    )
    parser.add_argument(
        "--organisation", metavar="SLUG", help="whose deals; may be left out where there is one"
    )
    parser.add_argument(
        "--user", metavar="EMAIL",
        help="the member who imports; default: the one there is, or the organisation as a whole",
    )  # fmt: skip
    parser.add_argument(
        "--mapping", metavar="FIELD=HEADER", nargs="+", action="extend", default=[],
        help="which column holds what; FIELD= leaves a field out",
    )  # fmt: skip
    parser.add_argument(
        "--stage", metavar="NAME=TYPE", nargs="+", action="extend", default=[],
        help=f"what a stage means: {', '.join(STAGE_TYPES)}",
    )  # fmt: skip
    parser.add_argument("--date-order", choices=["dmy", "mdy"], help="default: from the file")
    parser.add_argument(
        "--decimal-sign", metavar="SIGN", choices=[",", "."],
        help="a comma or a point; default: from the file",
    )  # fmt: skip
    parser.add_argument("--owners", choices=OWNER_MODES, help="whose the deals become")
    parser.add_argument("--dry-run", action="store_true", help="say what it would do; do nothing")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser


def _organisation(slug: str | None) -> Organisation:
    """Find the organisation meant: by its slug, or the only one there is.

    Raises:
        InputError: There is none, or none of that name, or it must be said which.
    """
    if slug is not None and (found := Organisation.objects.filter(slug=slug).first()):
        return found
    known = list(Organisation.objects.order_by("slug"))
    if not known:
        raise InputError(
            "no-organisation",
            "There is no organisation yet: open the portal and make the first account.",
        )
    if slug is None and len(known) == 1:
        return known[0]
    named = ", ".join(one.slug for one in known[:10]) + (", …" if len(known) > 10 else "")
    if slug is None:
        raise InputError(
            "which-organisation", f"Say whose deals these are: --organisation {named}."
        )
    raise InputError("no-organisation", f"There is no organisation “{slug}”; there is {named}.")


def _read(file: Path) -> Table:
    try:
        return read(file)
    except OSError as error:
        raise InputError("no-file", f"{file} cannot be read ({error.strerror or error}).") from None


def _upload(options: argparse.Namespace, organisation: Organisation, table: Table) -> Import:
    """Take the file in; of a dry run nothing stays.

    Raises:
        InputError: As :func:`main`.
    """
    with transaction.atomic():
        run = domain.upload_import(
            organisation=organisation,
            user=_person(options.user),
            filename=options.file.name,
            data=options.file,
            max_bytes=MAX_BYTES,
            choices=_choices(options),
            table=table,
            foresee=options.dry_run,
        )
        _check(run)
        if options.dry_run:
            transaction.set_rollback(True)
    return run


def _person(email: str | None) -> User | None:
    """Find the member who imports: the one named, or the only one there is."""
    members = Membership.objects.filter(left_at=None).values("user")
    people = User.objects.filter(pk__in=members)
    if email is None:
        alone = list(people[:2])
        return alone[0] if len(alone) == 1 else None
    user = people.filter(email=email.lower()).first()
    if user is None:
        raise InputError("no-member", f"{email} is no member of this organisation.")
    return user


def _choices(options: argparse.Namespace) -> Choices:
    return Choices(
        mapping=_pairs(options.mapping, "--mapping"),
        stage_types=_pairs(options.stage, "--stage"),
        date_order=options.date_order or "",
        decimal_sign=options.decimal_sign or "",
        owner_mode=options.owners or "",
    )


def _pairs(given: Iterable[str], option: str) -> dict[str, str]:
    pairs = {}
    for pair in given:
        name, equals, value = pair.partition("=")
        if not name or not equals:
            raise InputError("no-pair", f"{option} takes NAME=VALUE, not “{pair}”.")
        pairs[name] = value
    return pairs


def _check(run: Import) -> None:
    """Refuse a file about which something is still to be answered, and say what.

    Raises:
        InputError: As :func:`main`.
    """
    found = run.understanding
    problem = domain.problem_of(import_run=run)
    if problem and found["kind"] == "events":
        raise InputError(problem.code, str(problem.message))
    if found["missing"]:
        raise InputError(
            "column-missing",
            f"No column was recognised for: {', '.join(found['missing'])}. The columns are "
            f"{', '.join(found['header'])}; say which with --mapping FIELD=HEADER.",
        )
    stages = found.get("stages", [])
    unknown = [stage["name"] for stage in stages if stage["type"] == "unknown"]
    if unknown:
        names = " ".join(f'"{name}=TYPE"' for name in unknown)
        raise InputError(
            "stages-unknown",
            f"What these stages mean is not known; say so with --stage {names}, where TYPE is "
            f"one of {', '.join(STAGE_TYPES)}.",
        )
    if problem:
        hint = " Use --owners." if problem.code == "owners-unknown" else ""
        raise InputError(problem.code, f"{problem.message}{hint}")


def _unfinished(run: Import) -> Import | None:
    """Find the same import, begun before and broken off; it is finished in place of the new one."""
    begun = Import.objects.filter(
        sha256=run.sha256, uploaded_by=run.uploaded_by, state=Import.State.APPLYING
    )
    found = next((one for one in begun if one.choices == run.choices), None)
    if found is not None:
        run.delete()
    return found


def _apply(run: Import, table: Table) -> Import:
    Import.objects.filter(pk=run.pk, state=Import.State.UPLOADED).update(state=Import.State.QUEUED)
    return apply_import(import_id=run.pk, now=timezone.now(), table=table)


def _outcome(run: Import) -> dict[str, Any]:
    found = run.understanding
    keys = (
        "kind", "system", "encoding", "delimiter", "rows", "deals", "events", "kinds",
        "stage_types", "date_order", "decimal_sign", "mapping", "warnings", "period",
        "amount_total",
    )  # fmt: skip
    done = run.state == Import.State.APPLIED
    rejected = (
        [
            {"line": row.line, "reason": row.code, "text": words.rejection(row.code, row.data)}
            for row in ImportRejection.objects.filter(import_run=run)
        ]
        if done
        else [
            {
                "line": row["line"],
                "reason": row["code"],
                "text": words.rejection(row["code"], row["data"]),
            }
            for row in found["rejections"]
        ]
    )
    return {
        **{key: found[key] for key in keys if key in found},
        "rejected_rows": rejected,
        "state": str(run.state),
        "result": run.report or found["plan"],
    }


def _print(outcome: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(outcome, ensure_ascii=False, indent=2))
        return
    print(f"read      {outcome['rows']} rows, {outcome['deals']} deals, from {outcome['system']}")
    print(f"file      {outcome['encoding']}, {outcome['delimiter']!r} between cells, "
          f"dates {outcome['date_order']}, decimals after {outcome['decimal_sign']!r}")  # fmt: skip
    print("columns   " + ", ".join(f"{k}={v}" for k, v in outcome["mapping"].items()))
    of_events = outcome["kind"] == "events"
    counts = outcome["kinds" if of_events else "stage_types"]
    named = "events    " if of_events else "stages    "
    print(named + ", ".join(f"{kind} {count}" for kind, count in counts.items() if count))
    for warning in outcome["warnings"]:
        print(f"note      {warning['text']}")
    for row in outcome["rejected_rows"]:
        print(f"line {row['line']:<5}{row['text']}", file=sys.stderr)
    result = outcome["result"]
    if "code" in result:
        print(f"failed    {result['code']}; nothing was changed")
        return
    begin = "done      " if outcome["state"] == Import.State.APPLIED else "would be  "
    names = ("new", "known" if of_events else "updated", "unchanged", "rejected")
    print(begin + ", ".join(f"{result[name]} {name}" for name in names if name in result))
