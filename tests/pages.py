"""What a reader sees of a page."""

import html
import re


def text_of(content: bytes) -> str:
    """A page's text: no tags, single blanks."""
    without_tags = re.sub(r"<[^>]*>", " ", content.decode())
    return re.sub(r"\s+", " ", html.unescape(without_tags))
