"""What is imported: the file, and the same objects in every run."""

import json

from heartrisk_site.variables import BASE_DIR
from kibana.assets import ndjson, saved_objects
from tools.docs.generated import GENERATED

FILE = "kibana/assets.ndjson"


def test_the_file_is_what_would_be_imported() -> None:
    assert (BASE_DIR / FILE).read_text(encoding="utf-8") == ndjson()
    assert GENERATED[FILE]() == ndjson()


def test_a_line_is_an_object() -> None:
    assert [json.loads(line) for line in ndjson().splitlines()] == saved_objects()


def test_the_data_views_are_the_three_of_the_log() -> None:
    titles = [each["attributes"]["title"] for each in saved_objects() if not each["references"]]
    assert titles == ["ml-api-logs*", "ml-api-message*", "ml-api-perfs*"]


def test_no_id_is_there_twice() -> None:
    ids = [each["id"] for each in saved_objects()]
    assert len(set(ids)) == len(ids)


def test_a_prefix_makes_objects_of_its_own() -> None:
    ids, others = ({each["id"] for each in saved_objects(prefix)} for prefix in ("", "clinic-"))
    assert ids & others == set()


def test_a_prefix_stands_before_every_pattern() -> None:
    assert ndjson("clinic-").count("ml-api-") == ndjson("clinic-").count("clinic-ml-api-")
