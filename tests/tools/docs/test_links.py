"""Links and paths in the documents."""

from pathlib import Path

import pytest

from tools.docs.links import broken


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "other.md").write_text("# Other page\n\n## A: `second` part\n")
    (tmp_path / "predictions").mkdir()
    (tmp_path / "predictions" / "features.py").touch()
    return tmp_path


@pytest.mark.parametrize(
    "text",
    [
        "[other](docs/other.md)",
        "[part](docs/other.md#a-second-part)",
        "[here](#top)\n# Top",
        "[web](https://example.org/nothing) [mail](mailto:a@example.org)",
        '<img src="docs/other.md" alt="">',
        "`predictions/features.py` and `predictions/`",
        "`application/json` is no path of ours",
        "`var/valkey` is made while running",
        "```\n[not a link](nowhere.md) `predictions/nothing.py`\n```",
    ],
)
def test_it_accepts_what_leads_somewhere(text: str, root: Path) -> None:
    (root / "README.md").write_text(text)
    assert broken(root) == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[gone](docs/gone.md)", "README.md: the link docs/gone.md leads nowhere"),
        ("[gone](docs/other.md#gone)", "README.md: the link docs/other.md#gone leads nowhere"),
        ('<img alt="" src="gone.png">', "README.md: the link gone.png leads nowhere"),
        ("`predictions/gone.py`", "README.md: there is no predictions/gone.py"),
    ],
)
def test_it_names_what_leads_nowhere(text: str, line: str, root: Path) -> None:
    (root / "README.md").write_text(text)
    assert broken(root) == [line]


def test_it_resolves_a_link_from_where_it_stands(root: Path) -> None:
    (root / "docs" / "page.md").write_text("[up](../predictions/features.py) [beside](other.md)")
    assert broken(root) == []
