"""The corpus of the mirror: add to it, check it, count it.

    python tools/corpus add FILE.txt …    take notes in the short form in, without near-duplicates
    python tools/corpus check             name what is wrong with the corpus; exit code 1 if so
    python tools/corpus card              count anew what stands in corpus/README.md

The short form is described in notes.py. A file's name begins with the language and the batch,
such as nlK-03.txt.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import card
from duplicates import Duplicate, near_duplicates
from notes import CORPUS, LANGUAGES, Note, parse, read, write

README = CORPUS / "README.md"


def add(paths: list[Path]) -> list[str]:
    """Take notes in the short form in; a sentence that is too like another is left out.

    Returns:
        What was left out, a sentence each. A file with a line that cannot be used is not taken.
    """
    said: list[str] = []
    for path in paths:
        lang, batch = path.stem[:2], path.stem
        found, problems = parse(path.read_text(encoding="utf-8"), lang=lang, batch=batch)
        if problems:
            said += [f"{path.name}, {problem}" for problem in problems]
            continue
        target = CORPUS / f"{lang}.jsonl"
        kept = [note for note in read(target) if not note.id.startswith(f"{batch}-")]
        alike = [each for each in duplicates([*kept, *found]) if each.where.startswith(batch)]
        said += [_say(each) for each in alike]
        without = {(each.where.rpartition(":")[0], each.text) for each in alike}
        write(target, [*kept, *(note for each in found if (note := _less(each, without)).texts)])
    return said


def check() -> list[str]:
    """Name what is wrong with the corpus, a sentence each: near-duplicates, ids, final in won."""
    said: list[str] = []
    for lang in LANGUAGES:
        notes = read(CORPUS / f"{lang}.jsonl")
        ids = [note.id for note in notes]
        said += [
            f"{each}: this id stands twice." for each in sorted(set(ids)) if ids.count(each) > 1
        ]
        said += [_say(each) for each in duplicates(notes)]
        said += [
            f"{note.id}: a won deal cannot be past hope (rule 20)."
            for note in notes
            if note.outcome == "won" and any("final" in given for given in note.labels)
        ]
    return said


def duplicates(notes: list[Note]) -> list[Duplicate]:
    """Find the near-duplicates in some notes."""
    return list(
        near_duplicates(
            (f"{note.id}:{number}", text)
            for note in notes
            for number, text in enumerate(note.texts, start=1)
        )
    )


def renew_card() -> None:
    """Write the counts into the data card, between the comments that name them."""
    text = README.read_text(encoding="utf-8")
    for name in ("sizes", "labels", "agreement"):
        pattern = rf"(<!-- {name} -->\n).*?(\n<!-- end of {name} -->)"
        table = getattr(card, name)()
        text = re.sub(pattern, rf"\g<1>{table}\g<2>", text, flags=re.DOTALL)
    README.write_text(text, encoding="utf-8")


def _less(note: Note, without: set[tuple[str, str]]) -> Note:
    pairs = [
        (text, given)
        for text, given in zip(note.texts, note.labels, strict=True)
        if (note.id, text) not in without
    ]
    texts, labels = tuple(zip(*pairs, strict=True)) or ((), ())
    return Note(note.id, note.lang, note.trade, note.register, note.outcome, texts, labels)


def _say(each: Duplicate) -> str:
    return (
        f"{each.where}: “{each.text}” is too like “{each.earlier_text}” ({each.earlier_where}; "
        f"{each.resemblance:.2f})."
    )


def main(words: list[str]) -> int:
    """Run one of the three."""
    if words[:1] == ["add"] and len(words) > 1:
        print("\n".join(add([Path(word) for word in words[1:]])))
        return 0
    if words == ["check"]:
        problems = check()
        print("\n".join(problems))
        return 1 if problems else 0
    if words == ["card"]:
        renew_card()
        return 0
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
