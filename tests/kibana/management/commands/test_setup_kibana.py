"""`manage.py setup_kibana`, against a server that is as strict as a Kibana."""

from base64 import b64encode
from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from kibana.assets import saved_objects
from kibana.rules.every import rules_for
from kibana.server.version import NEWEST
from tests.kibana.kibana_server import Kibana, served
from tools.run.address import free_port

IMPORT = "POST /api/saved_objects/_import?overwrite=true"
OBJECTS = len(saved_objects())
RULES = len(rules_for(NEWEST))


@pytest.fixture
def kibana(settings: Settings) -> Iterator[Kibana]:
    with served(Kibana()) as kibana:
        settings.KIBANA_URL = kibana.url
        yield kibana


def run(*options: str) -> list[str]:
    output = StringIO()
    call_command("setup_kibana", "--wait", "0", *options, stdout=output)
    return output.getvalue().splitlines()


def refused(*options: str) -> str:
    """The one line that it ends with."""
    with pytest.raises(CommandError) as caught:
        run(*options)
    (line,) = str(caught.value).splitlines()
    return line


def test_it_says_what_it_did(kibana: Kibana) -> None:
    assert run() == [
        f"Kibana 8.18 at {kibana.url}.",
        f"Saved objects: {OBJECTS} imported.",
        "Connector: made.",
        f"Rules: {RULES} made, 0 brought up to date.",
    ]


def test_everything_is_there(kibana: Kibana) -> None:
    run()
    assert set(kibana.objects) == {(each["type"], each["id"]) for each in saved_objects()}
    assert set(kibana.rules) == {rule.id for rule in rules_for(NEWEST)}
    assert {rule["enabled"] for rule in kibana.rules.values()} == {True}


def test_a_second_run_changes_nothing(kibana: Kibana) -> None:
    run()
    before = (dict(kibana.objects), list(kibana.connectors), dict(kibana.rules))
    assert run()[1:] == [
        f"Saved objects: {OBJECTS} imported.",
        "Connector: was there.",
        f"Rules: 0 made, {RULES} brought up to date.",
    ]
    assert (kibana.objects, kibana.connectors, kibana.rules) == before


def test_a_rule_that_somebody_switched_off_stays_off(kibana: Kibana) -> None:
    run()
    for rule in kibana.rules.values():
        rule["enabled"] = False
        rule["name"] = "renamed"
    run()
    assert {rule["enabled"] for rule in kibana.rules.values()} == {False}
    assert "renamed" not in {rule["name"] for rule in kibana.rules.values()}


def test_the_prefix_of_the_indices_is_the_dashboards(kibana: Kibana, settings: Settings) -> None:
    settings.ES_INDEX_PREFIX = "clinic-"
    run()
    titles = {each["attributes"]["title"] for each in kibana.objects.values()}
    assert {"clinic-ml-api-perfs*", "heartrisk: Performance (clinic-)"} <= titles


def test_two_prefixes_stand_beside_each_other(kibana: Kibana, settings: Settings) -> None:
    run()
    settings.ES_INDEX_PREFIX = "clinic-"
    run()
    assert (len(kibana.objects), len(kibana.rules)) == (2 * OBJECTS, 2 * RULES)


def test_the_option_wins_over_the_setting(kibana: Kibana, settings: Settings) -> None:
    settings.KIBANA_URL = f"http://127.0.0.1:{free_port()}"
    assert run("--url", kibana.url)[0] == f"Kibana 8.18 at {kibana.url}."


def test_a_dry_run_asks_nothing_and_names_everything(kibana: Kibana) -> None:
    lines = run("--dry-run")
    assert len(lines) == OBJECTS + RULES
    assert kibana.asked == []


def test_an_api_key_is_sent(kibana: Kibana, settings: Settings) -> None:
    kibana.authorization = "ApiKey key"
    settings.KIBANA_API_KEY = "key"
    assert len(run()) == 4


def test_the_user_in_the_address_is_sent_and_not_shown(kibana: Kibana) -> None:
    kibana.authorization = f"Basic {b64encode(b'me:s3cret').decode()}"
    lines = run("--url", kibana.url.replace("//", "//me:s3cret@"))
    assert lines[0] == f"Kibana 8.18 at {kibana.url}."
    assert "s3cret" not in " ".join(lines)


def test_a_path_before_kibana_is_kept(kibana: Kibana, settings: Settings) -> None:
    settings.KIBANA_URL = f"{kibana.url}/s/clinic"
    refused()
    assert kibana.asked == ["GET /s/clinic/api/status"]


def test_it_waits_until_kibana_is_ready(kibana: Kibana, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kibana.server.setup._LOOK_EVERY_SECONDS", 0.01)
    kibana.starting = 3
    output = StringIO()
    call_command("setup_kibana", "--wait", "30", stdout=output)
    assert kibana.asked.count("GET /api/status") == 4


def test_its_wait_has_an_end(kibana: Kibana) -> None:
    kibana.starting = 3
    assert refused() == f"Kibana at {kibana.url} is not ready (status 503)."
    assert kibana.objects == {}


def test_a_critical_state_is_not_ready(kibana: Kibana) -> None:
    kibana.level = "critical"
    assert refused() == f"Kibana at {kibana.url} is not ready (level 'critical')."


def test_one_that_is_away_is_one_clear_line(settings: Settings) -> None:
    settings.KIBANA_URL = f"http://me:s3cret@127.0.0.1:{free_port()}"
    line = refused()
    assert line.endswith("cannot be reached (ConnectError).")
    assert "s3cret" not in line


def test_refused_credentials_are_one_clear_line(kibana: Kibana, settings: Settings) -> None:
    kibana.authorization = "ApiKey key"
    settings.KIBANA_API_KEY = "wr0ng"
    line = refused()
    assert line == (
        f"Kibana at {kibana.url} refuses the credentials (status 401 to GET /api/status)."
    )


def test_none_at_all_is_one_clear_line(settings: Settings) -> None:
    settings.KIBANA_URL = ""
    assert refused().startswith("No Kibana is named: set KIBANA_URL")


@pytest.mark.parametrize(
    "url", ["localhost:5601", "ftp://host", "http://", "http://me:s3cret@host:port"]
)
def test_what_is_no_address_is_one_clear_line(url: str) -> None:
    line = refused("--url", url)
    assert line.startswith("KIBANA_URL ")
    assert "s3cret" not in line


def test_something_else_that_answers_is_one_clear_line(kibana: Kibana) -> None:
    kibana.answers["GET /api/status"] = (200, "<html>a proxy</html>")
    assert refused() == f"Kibana at {kibana.url} does not answer JSON: is it a Kibana?"


def test_a_status_without_a_version_is_one_clear_line(kibana: Kibana) -> None:
    status = {"status": {"overall": {"level": "available"}}}
    kibana.answers["GET /api/status"] = (200, status)
    assert refused() == f"Kibana at {kibana.url} tells no version."


def test_an_answer_without_a_status_is_one_clear_line(kibana: Kibana) -> None:
    kibana.answers["GET /api/status"] = (200, [])
    assert refused() == f"Kibana at {kibana.url} tells no status to these credentials."


@pytest.mark.parametrize("version", ["7.17.9", "8.8.2"])
def test_one_that_is_too_old_is_refused(version: str, kibana: Kibana) -> None:
    kibana.version = version
    assert "is too old: the dashboards are written for 8.9 to 8.18." in refused()
    assert kibana.asked == ["GET /api/status"]


@pytest.mark.parametrize("version", ["8.19.0", "9.0.0-SNAPSHOT"])
def test_a_newer_one_is_refused_unless_it_is_asked_for(version: str, kibana: Kibana) -> None:
    kibana.version = version
    assert "is newer than 8.9 to 8.18" in refused()
    assert len(run("--untested-version")) == 4


@pytest.mark.parametrize("version", ["8.9.0", "8.10.4", "8.12.2"])
def test_an_older_one_gets_rules_that_it_knows(version: str, kibana: Kibana) -> None:
    kibana.version = version
    assert run()[-1].endswith("its rules of means fire for a single slow request, and at once.")
    assert len(kibana.rules) == RULES


def test_an_upgraded_kibana_gets_the_better_rules(kibana: Kibana) -> None:
    kibana.version = "8.12.2"
    run()
    kibana.version = "8.18.8"
    run()
    types = [rule["rule_type_id"] for rule in kibana.rules.values()]
    assert ".index-threshold" not in types
    assert types.count("observability.rules.custom_threshold") == 10


def test_an_object_that_is_not_imported_is_told(kibana: Kibana) -> None:
    id_ = saved_objects()[3]["id"]
    kibana.refuses[id_] = "unknown"
    assert refused() == f"Kibana imported 4 of 5 saved objects (dashboard {id_}: unknown)."
    assert kibana.rules == {}


def test_success_without_the_right_count_is_a_failure(kibana: Kibana) -> None:
    kibana.answers[IMPORT] = (200, {"success": True, "successCount": 4})
    assert refused() == "Kibana imported 4 of 5 saved objects."


def test_a_refused_rule_ends_it_with_kibanas_reason(kibana: Kibana) -> None:
    path = f"POST /api/alerting/rule/{rules_for(NEWEST)[2].id}"
    kibana.answers[path] = (400, {"message": "params invalid:\n [size]"})
    assert refused() == f"Kibana at {kibana.url} answers 400 to {path}: params invalid: [size]"


def test_a_kibana_without_an_encryption_key_is_one_clear_line(kibana: Kibana) -> None:
    path = f"POST /api/alerting/rule/{rules_for(NEWEST)[0].id}"
    reason = "missing encryption key"
    kibana.answers[path] = (500, {"message": reason})
    assert refused().endswith(f": {reason}")
