"""How htmx is set up on these pages."""

import json
from typing import Final

# A refused form (422) and a search without a source (503) carry the page's own parts. Any other
# error is a whole page, of which the message is shown. No page is kept in the browser's storage:
# entries hold health data.
HTMX_CONFIG: Final = json.dumps(
    {
        "allowEval": False,
        "includeIndicatorStyles": False,
        "historyCacheSize": 0,
        "refreshOnHistoryMiss": True,
        "scrollBehavior": "auto",
        "responseHandling": [
            {"code": "204", "swap": False},
            {"code": "[23]..|422|503", "swap": True},
            {"code": "...", "swap": True, "select": "#message", "ignoreTitle": True, "error": True},
        ],
    }
)
