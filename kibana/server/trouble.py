"""What stands between us and a Kibana."""


class KibanaError(Exception):
    """The text is one clear line; it never has a credential in it."""


class KibanaAwayError(KibanaError):
    """It does not answer, or not yet."""
