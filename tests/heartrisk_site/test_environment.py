"""The table of environment variables: what a value becomes, what stops the start."""

from pathlib import Path

import pytest

from heartrisk_site.environment import BadConfiguration, Environment
from heartrisk_site.variables import VARIABLES, Variable


def value_of(name: str, given: str, monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.setenv(name, given)
    return Environment().get(name)


def refusal_of(name: str, given: str, monkeypatch: pytest.MonkeyPatch) -> str:
    with pytest.raises(BadConfiguration) as stop:
        value_of(name, given, monkeypatch)
    return str(stop.value)


@pytest.mark.parametrize("given", ["true", "TRUE", "1", "yes", "on", " On "])
def test_it_reads_many_words_as_true(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert value_of("DEBUG", given, monkeypatch) is True


@pytest.mark.parametrize("given", ["false", "0", "no", "off"])
def test_it_reads_many_words_as_false(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert value_of("LOG_TO_REDIS", given, monkeypatch) is False


def test_it_reads_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    assert value_of("API_PORT", "8001", monkeypatch) == 8001


def test_it_reads_lists_without_their_blanks(monkeypatch: pytest.MonkeyPatch) -> None:
    assert value_of("ALLOWED_HOSTS", " a.example, ,b.example ", monkeypatch) == [
        "a.example",
        "b.example",
    ]


@pytest.mark.parametrize("variable", VARIABLES, ids=lambda variable: variable.name)
def test_it_takes_an_empty_value_for_the_default(
    variable: Variable, monkeypatch: pytest.MonkeyPatch
) -> None:
    default = variable.default
    expected = list(default) if isinstance(default, tuple) else default
    assert value_of(variable.name, "", monkeypatch) == expected


@pytest.mark.parametrize(
    ("name", "given", "sentence"),
    [
        ("API_PORT", "http", "heartrisk: API_PORT='http' is not a whole number."),
        ("API_PORT", "0", "heartrisk: API_PORT=0 is below the least allowed, 1."),
        ("API_PORT", "65536", "heartrisk: API_PORT=65536 is above the most allowed, 65535."),
        ("DEBUG", "maybe", "heartrisk: DEBUG='maybe' is neither true nor false."),
        (
            "LOG_LEVEL",
            "LOUD",
            "heartrisk: LOG_LEVEL: 'LOUD' is not one of DEBUG, INFO, WARNING, ERROR.",
        ),
    ],
)
def test_it_stops_the_start_with_one_line_that_names_the_variable(
    name: str, given: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert refusal_of(name, given, monkeypatch) == sentence


def test_it_does_not_print_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    sentence = refusal_of("REDIS_URL", "http://:hunter2@host", monkeypatch)
    assert sentence.startswith("heartrisk: REDIS_URL: the given value does not begin with")
    assert "hunter2" not in sentence


def test_it_reads_a_dotenv_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # monkeypatch puts back what reading the file sets.
    monkeypatch.setenv("API_PORT", "")
    monkeypatch.delenv("API_PORT")
    (tmp_path / ".env").write_text("API_PORT=8077\n")
    assert Environment(tmp_path / ".env").get("API_PORT") == 8077


def test_it_lets_the_environment_win_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("API_PORT", "8078")
    (tmp_path / ".env").write_text("API_PORT=8077\n")
    assert Environment(tmp_path / ".env").get("API_PORT") == 8078


def test_it_does_without_a_dotenv_file(tmp_path: Path) -> None:
    assert Environment(tmp_path / ".env").get("API_PORT") == 8000


def test_it_names_no_variable_twice() -> None:
    names = [variable.name for variable in VARIABLES]
    assert len(set(names)) == len(names)
