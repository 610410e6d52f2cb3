"""An index: its name, what it holds, the version of its mapping. Other apps may add theirs."""

from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.utils.module_loading import import_string

if TYPE_CHECKING:
    # Every process imports this module, and most of them never need the library.
    from elasticsearch_dsl import Document


@dataclass(frozen=True, slots=True)
class Index:
    """Raise ``version`` with every change of the Document or of what its template puts around."""

    alias: str
    document: type["Document"]
    version: int

    def mappings(self) -> dict[str, Any]:
        """The Document's, strict, without a version."""
        # A copy: the Document hands out its own.
        return deepcopy(self.document._doc_type.mapping.to_dict())


# Alias -> where its Index is: set up, kept and pruned as the log's are.
OF_OTHER_APPS: Final[dict[str, str]] = {}


def register(alias: str, path: str) -> None:
    """Call it in ``AppConfig.ready``. ``path``: the Index, imported where it is needed."""
    OF_OTHER_APPS[alias] = path


def indices_of_other_apps() -> list[Index]:
    """In the order in which they were registered."""
    return [import_string(path) for path in OF_OTHER_APPS.values()]
