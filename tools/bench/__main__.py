"""Measure Spiegel at size, and say whether it is fast enough.

    python tools/bench [--deals N] [--debriefs N] [--requests N] [--rows N] [--pages-only]
                       [--mirror-only] [--json]

Makes, once, an organisation with 100,000 deals and 20,000 debriefs in var/bench; with DATABASE_URL
in a database of its own on that PostgreSQL server, never in the one it names. Then asks for pages
in turn and times them, and times starting, marking beside scikit-learn on the same text, and
importing beside django-import-export on the same file. Exit code 1 when a page is over its limit.
The mirror alone needs no database.
"""

from __future__ import annotations

import argparse
import sys

import django
import place


def main(argv: list[str]) -> int:
    """Prepare, measure, print.

    Returns:
        0, or 1 when a page is over its limit.
    """
    options = _parser().parse_args(argv)
    if options.mirror_only:
        place.find_source()
        import mirror  # noqa: PLC0415  (its pipeline takes a while to load)

        for speed in mirror.measure():
            print(f"{speed.name:40}{speed.value:10,.1f}  {speed.unit}")
        return 0
    place.choose(deals=options.deals, debriefs=options.debriefs)
    django.setup()

    import mirror  # noqa: PLC0415  (its pipeline takes a while to load)
    import pages  # noqa: PLC0415  (models can be imported now)
    import report  # noqa: PLC0415  (see above)
    import speeds  # noqa: PLC0415  (see above)

    big = place.prepare(deals=options.deals, debriefs=options.debriefs)
    measured = pages.measure(big=big, requests=options.requests)
    rows = options.rows
    others = [] if options.pages_only else [*speeds.measure(rows=rows), *mirror.measure()]
    print((report.as_json if options.json else report.as_table)(measured, others))
    return 0 if all(page.passes for page in measured) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--deals", type=int, default=100_000)
    parser.add_argument("--debriefs", type=int, default=20_000)
    parser.add_argument("--requests", type=int, default=60, help="how many of each page")
    parser.add_argument("--rows", type=int, default=20_000, help="how many an import has")
    parser.add_argument("--pages-only", action="store_true")
    parser.add_argument("--mirror-only", action="store_true")
    parser.add_argument("--json", action="store_true")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
