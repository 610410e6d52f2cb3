"""Writes the translation catalogues without GNU gettext: ``make messages``.

Collects every text for readers from the code and the templates, brings
``locale/<language>/LC_MESSAGES/django.po`` up to date with them (new texts come in
untranslated, vanished ones go) and compiles it to ``django.mo``, which is committed.

    python -m tools.messages            # write
    python -m tools.messages --check    # only say whether anything would change
"""

import argparse
import io
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from predictions.features import FEATURES

ROOT: Final = Path(__file__).resolve().parent.parent
LOCALE: Final = ROOT / "locale"
CODE: Final = ("heartrisk_site", "predictions", "logpipeline", "monitoring")
TEMPLATES: Final = "templates"
MANIFEST: Final = "model/manifest.json"
MANIFEST_TEXTS: Final = ("endpoint", "endpoint_detail", "bands_source")
# A constant, so that the same texts give the same file.
WRITTEN: Final = datetime(2026, 1, 1, tzinfo=UTC)
HEADER: Final = "# Texts of heartrisk. Written by `make messages`; only msgstr is written by hand."

_CONTEXT: Final = (1, "c")
KEYWORDS: Final[dict[str, tuple[int | tuple[int, str], ...] | None]] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), (_CONTEXT, 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), (_CONTEXT, 2, 3)),
}


def sources() -> Iterator[tuple[str, bytes]]:
    """Every file with texts as (path from the root, Python source of its gettext calls)."""
    for folder in CODE:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), path.read_bytes()
    for path in sorted((ROOT / TEMPLATES).rglob("*.html")):
        yield path.relative_to(ROOT).as_posix(), _template_as_python(path).encode()


def _template_as_python(path: Path) -> str:
    calls = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    # A template's indentation means nothing to Python's tokenizer but errors.
    return "\n".join(line.strip() for line in calls.splitlines())


def plain_texts() -> Iterator[tuple[str, str]]:
    """Texts that stand in tables as plain English, to be translated where they are shown."""
    for unit in sorted({feature.unit for feature in FEATURES if feature.unit}):
        yield unit, "predictions/features.py"
    manifest = json.loads((ROOT / MANIFEST).read_bytes())
    for name in MANIFEST_TEXTS:
        yield manifest[name], MANIFEST
    for band in manifest["bands"]:
        yield band["label"], MANIFEST


def collect() -> Catalog:
    """A catalogue of all texts, untranslated."""
    catalog = Catalog(
        project="heartrisk", creation_date=WRITTEN, revision_date=WRITTEN, header_comment=HEADER
    )
    for name, source in sources():
        for _, message, comments, context in extract("python", io.BytesIO(source), KEYWORDS):
            catalog.add(message, None, [(name, 1)], auto_comments=comments, context=context)
    for text, name in plain_texts():
        catalog.add(text, None, [(name, 1)])
    return catalog


def languages(locale: Path = LOCALE) -> list[str]:
    """The languages that have a catalogue."""
    return sorted(path.name for path in locale.iterdir() if path.is_dir())


def updated(language: str, locale: Path = LOCALE) -> Catalog:
    """The language's catalogue, or a new one, with the texts of today."""
    path = locale / language / "LC_MESSAGES" / "django.po"
    content = path.read_bytes() if path.is_file() else b""
    catalog = read_po(io.BytesIO(content), locale=language)
    catalog.update(collect(), no_fuzzy_matching=True, update_header_comment=True)
    catalog.project, catalog.version = "heartrisk", "1.0"
    catalog.creation_date = catalog.revision_date = WRITTEN
    catalog.last_translator = catalog.language_team = catalog.msgid_bugs_address = "heartrisk"
    catalog.fuzzy = False
    return catalog


def files(language: str, locale: Path = LOCALE) -> dict[Path, bytes]:
    """What the language's two files must hold."""
    catalog = updated(language, locale)
    text, compiled = io.BytesIO(), io.BytesIO()
    write_po(
        text, catalog, width=100, sort_by_file=True, ignore_obsolete=True, include_lineno=False
    )
    write_mo(compiled, catalog)
    folder = locale / language / "LC_MESSAGES"
    return {folder / "django.po": text.getvalue(), folder / "django.mo": compiled.getvalue()}


def stale(locale: Path = LOCALE) -> dict[Path, bytes]:
    """The files that do not hold what they must, with what they must hold."""
    wanted: dict[Path, bytes] = {}
    for language in languages(locale):
        wanted |= files(language, locale)
    return {
        path: text
        for path, text in wanted.items()
        if not path.is_file() or path.read_bytes() != text
    }


def main(arguments: list[str] | None = None, locale: Path = LOCALE) -> int:
    parser = argparse.ArgumentParser(description="Write the translation catalogues.")
    parser.add_argument("--check", action="store_true", help="write nothing, say what is stale")
    check = parser.parse_args(arguments).check
    found = stale(locale)
    for path, text in found.items():
        if not check:
            path.write_bytes(text)
        place = path.relative_to(locale)
        sys.stdout.write(f"locale/{place} {'is stale' if check else 'written'}\n")
    return 1 if check and found else 0


if __name__ == "__main__":
    sys.exit(main())
