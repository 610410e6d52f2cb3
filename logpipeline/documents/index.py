"""An index: its name, what it holds, the version of its mapping. Other apps may add theirs."""

from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final

from elasticsearch_dsl import Document


@dataclass(frozen=True, slots=True)
class Index:
    """Raise ``version`` with every change of the Document or of what its template puts around."""

    alias: str
    document: type[Document]
    version: int

    def mappings(self) -> dict[str, Any]:
        """The Document's, strict, without a version."""
        # A copy: the Document hands out its own.
        return deepcopy(self.document._doc_type.mapping.to_dict())


# By alias: set up, kept and pruned as the log's are.
OF_OTHER_APPS: Final[dict[str, Index]] = {}


def register(index: Index) -> None:
    """Call it in ``AppConfig.ready``."""
    OF_OTHER_APPS[index.alias] = index
