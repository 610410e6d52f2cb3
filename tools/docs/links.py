"""Do the relative links and the file names in the documents lead to something?"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_LINK: Final = re.compile(r"\[[^]]*\]\((?P<target>[^)\s]+)(?:\s+\"[^\"]*\")?\)")
_SOURCE: Final = re.compile(
    r"<(?:img|source|a)\b[^>]*?\b(?:src|srcset|href)=\"(?P<target>[^\"]+)\""
)
# `predictions/features.py`, `docs/adr/`: a path of ours in backticks, no pattern, no argument.
_PATH: Final = re.compile(r"`(?P<target>[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)+/?)`")
_FENCE: Final = re.compile(r"^(```|~~~).*?^\1\s*$", re.MULTILINE | re.DOTALL)
_HEADING: Final = re.compile(r"^#+\s+(?P<text>.+?)\s*$", re.MULTILINE)
_ELSEWHERE: Final = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)
# Made while running, so not in the repository.
_MADE: Final = ("var/", ".venv/")


def documents(root: Path) -> list[Path]:
    """The Markdown files of the project's own folders."""
    found = [*root.glob("*.md"), *(root / "docs").rglob("*.md"), *(root / "model").glob("*.md")]
    return sorted(found)


def broken(root: Path) -> list[str]:
    """One line for each link or path that leads nowhere."""
    return [line for document in documents(root) for line in _broken_in(document, root)]


def _broken_in(document: Path, root: Path) -> Iterator[str]:
    text = _FENCE.sub("", document.read_text(encoding="utf-8"))
    name = document.relative_to(root)
    for pattern in (_LINK, _SOURCE):
        for match in pattern.finditer(text):
            if not _leads_somewhere(match["target"], document):
                yield f"{name}: the link {match['target']} leads nowhere"
    for match in _PATH.finditer(text):
        if _is_ours(match["target"], root) and not (root / match["target"]).exists():
            yield f"{name}: there is no {match['target']}"


def _is_ours(target: str, root: Path) -> bool:
    """Whether the path begins with a folder of this repository."""
    return (root / target.split("/")[0]).is_dir() and not target.startswith(_MADE)


def _leads_somewhere(target: str, document: Path) -> bool:
    if _ELSEWHERE.match(target):
        return True
    path, _, anchor = target.partition("#")
    file = (document.parent / path) if path else document
    if not file.exists():
        return False
    return not anchor or file.suffix != ".md" or anchor in _anchors(file)


def _anchors(file: Path) -> set[str]:
    """The anchors GitHub and GitLab give to headings."""
    text = _FENCE.sub("", file.read_text(encoding="utf-8"))
    words = (re.sub(r"[^\w\- ]", "", match["text"].lower()) for match in _HEADING.finditer(text))
    return {word.replace(" ", "-") for word in words}
