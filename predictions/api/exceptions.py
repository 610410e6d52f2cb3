"""What the API's views raise; ``problems`` turns each into an answer."""

from collections.abc import Sequence
from typing import Self

from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.exceptions import APIException

from predictions.features import INDEX
from predictions.validation.row import Refusal


class Refused(APIException):
    """The request's values were refused (400).

    The refusals, which hold health data, are an attribute; the text names fields only.
    """

    status_code = status.HTTP_400_BAD_REQUEST

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        # A client chooses the names of unknown fields: they are not repeated here.
        fields = {refusal.field for refusal in refusals} & INDEX.keys()
        super().__init__(f"Refused: {', '.join(sorted(fields)) or 'body'}.")
        self.refusals = tuple(refusals)

    @classmethod
    def of(cls, *refusals: Refusal) -> Self:
        return cls(refusals)


class TooLarge(APIException):
    """The body, or the batch, is larger than allowed (413)."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = _("The body is larger than allowed here.")


class LengthRequired(APIException):
    """The body's length is not declared (411)."""

    status_code = status.HTTP_411_LENGTH_REQUIRED
    default_detail = _("The body needs a Content-Length.")


class UnsupportedEncoding(APIException):
    """The body is compressed, or in another character set than UTF-8 (415)."""

    status_code = status.HTTP_415_UNSUPPORTED_MEDIA_TYPE
    default_detail = _("The body must be UTF-8 and not compressed.")
