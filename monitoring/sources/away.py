"""One error for every source of figures that cannot be asked now."""


class SourceAwayError(Exception):
    """The text is one clear sentence, fit for staff to read; never something of an entry."""

    @property
    def sentence(self) -> str:
        return str(self)
