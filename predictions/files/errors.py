"""What makes a file as a whole unusable; a row that is refused is answered instead."""


class FileError(Exception):
    """The file cannot be read or written; the text is one sentence that says why.

    It names columns and lines, never a value: what is in a file is health data.
    """
