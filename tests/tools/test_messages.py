"""The French catalogue is complete, and the compiled one is the one of its source."""

import io
import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils import translation

from tools import messages

FRENCH = messages.LOCALE / "fr" / "LC_MESSAGES"
# The same word in both languages, or a symbol.
SAME = {"AUC", "Administration", "Site", "Transaction", "Version", "kg/m²", "mg/dL", "mmHg"}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%")


def catalogue() -> Catalog:
    return read_po(io.BytesIO((FRENCH / "django.po").read_bytes()), locale="fr")


def entries() -> list[Message]:
    return [message for message in catalogue() if message.id]


def forms(text: str | tuple[str, ...] | list[str] | None) -> list[str]:
    """A text's forms: one, or one for each number."""
    return [text] if isinstance(text, str) else list(text or ())


def test_it_is_what_make_messages_would_write() -> None:
    assert list(messages.stale()) == []


def test_it_has_every_language_of_the_site_but_the_sources_own() -> None:
    assert messages.languages() == [code for code, _ in settings.LANGUAGES if code != "en"]


def test_it_has_exactly_the_texts_of_the_code() -> None:
    collected = {(m.id, m.context) for m in messages.collect() if m.id}
    assert {(m.id, m.context) for m in entries()} == collected


def test_it_leaves_nothing_untranslated() -> None:
    assert [m.id for m in entries() if not forms(m.string) or not all(forms(m.string))] == []


def test_it_leaves_nothing_fuzzy() -> None:
    assert [m.id for m in entries() if m.fuzzy] == []


def test_it_leaves_nothing_in_english() -> None:
    same = {first for m in entries() if (first := forms(m.id)[0]) == forms(m.string)[0]}
    assert same == SAME


def test_it_keeps_every_placeholder() -> None:
    lost = [
        message.id
        for message in entries()
        for original, form in zip(forms(message.id), forms(message.string), strict=True)
        if set(PLACEHOLDER.findall(form)) != set(PLACEHOLDER.findall(original))
    ]
    assert lost == []


def test_it_has_both_forms_of_every_counted_text() -> None:
    counted = [m for m in entries() if not isinstance(m.id, str)]
    assert [len(forms(m.string)) for m in counted] == [catalogue().num_plurals] * len(counted)


def test_it_uses_the_blanks_of_french_typography() -> None:
    wrong = [
        m.id for m in entries() for form in forms(m.string) if re.search(r" ([:;?!»]|%%)", form)
    ]
    assert wrong == []


def test_it_is_what_the_site_speaks() -> None:
    with translation.override("fr"):
        assert translation.gettext("Calculate the risk") == "Calculer le risque"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("predictions/features.py", "Age"),
        ("predictions/features.py", "mmHg"),
        ("model/manifest.json", "10-year risk of coronary heart disease"),
        ("templates/404.html", "There is no such page"),
    ],
)
def test_it_collects_code_tables_and_templates(name: str, text: str) -> None:
    collected = messages.collect().get(text)
    assert collected is not None
    assert name in [place for place, _ in collected.locations]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A catalogue of its own, in which one text of the code is missing and one is too many."""
    folder = tmp_path / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    text = (FRENCH / "django.po").read_text(encoding="utf-8")
    (folder / "django.po").write_text(text.replace('msgid "Age"', 'msgid "Wage"'), "utf-8")
    return tmp_path


def test_it_says_what_is_stale_and_writes_nothing(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert messages.main(["--check"], copy) == 1
    assert "locale/fr/LC_MESSAGES/django.mo is stale" in capsys.readouterr().out
    assert not (copy / "fr" / "LC_MESSAGES" / "django.mo").exists()


def test_it_brings_a_new_text_in_and_drops_one_that_vanished(copy: Path) -> None:
    assert messages.main([], copy) == 0
    text = (copy / "fr" / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8")
    assert 'msgid "Age"\nmsgstr ""' in text
    assert "Wage" not in text


def test_it_has_nothing_to_do_a_second_time(copy: Path) -> None:
    messages.main([], copy)
    assert messages.main(["--check"], copy) == 0


def test_it_begins_a_language_for_which_there_is_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    messages.main([], tmp_path)
    begun = read_po(io.BytesIO((folder / "django.po").read_bytes()))
    assert {m.id for m in begun if m.id} == {m.id for m in entries()}
    assert begun.locale_identifier == "de"


def test_it_is_a_command() -> None:
    command = [sys.executable, "-m", "tools.messages", "--check"]
    assert subprocess.run(command, cwd=messages.ROOT, check=False).returncode == 0
