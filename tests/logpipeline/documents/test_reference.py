"""docs/log-fields.md says of every field what it means, and of no other."""

import re
from itertools import chain

import pytest

from logpipeline.documents.mappings import INDICES, MAPPING_VERSION
from logpipeline.documents.reference import MEANINGS, leaves, markdown, meaning_key
from predictions.features import NAMES

FIELDS = {
    alias: [path for path, _ in leaves(index.mappings()["properties"])]
    for alias, index in INDICES.items()
}


def test_every_field_has_a_meaning_and_every_meaning_a_field() -> None:
    assert set(map(meaning_key, chain.from_iterable(FIELDS.values()))) == set(MEANINGS)


@pytest.mark.parametrize("alias", INDICES)
def test_each_index_has_a_table_of_its_fields(alias: str) -> None:
    section = markdown().partition(f"\n## {alias}\n")[2].partition("\n## ")[0]
    assert sorted(re.findall(r"^\| `([^`]+)` \|", section, re.M)) == sorted(FIELDS[alias])


def test_all_inputs_are_listed() -> None:
    section = markdown().partition("\n## The 14 inputs\n")[2]
    assert tuple(re.findall(r"^\| `([^`]+)` \|", section, re.M)) == NAMES


def test_it_names_the_version_of_the_mapping() -> None:
    assert f"This is version {MAPPING_VERSION}." in markdown()


def test_a_field_of_functions_is_said_to_be_stored_only() -> None:
    assert "| `data.performance_metrics.top_functions` | stored only |" in markdown()
