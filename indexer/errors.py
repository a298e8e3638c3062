"""Errors with a message for the user: what happened, where, and what to do next."""

SUGGESTED = 3  # similar names that a message lists


class BackissueError(Exception):
    """Base class of all errors that a user can fix; any other exception is a bug."""


class UnreadableSource(BackissueError):
    """A file or page has no readable issue text."""


class OnlySummaries(UnreadableSource):
    """A feed has no item with its full text; `pages` are the URLs of its items."""

    def __init__(self, message: str, pages: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.pages = pages


class TookTooLong(UnreadableSource):
    """Reading an item took more CPU time than its limit."""


class ReaderFailed(UnreadableSource):
    """A reader raised an unexpected exception on a source; a contained bug."""


class UnknownIssue(BackissueError):
    """A source does not say which newsletter or issue it is, or when it appeared."""


class BadArchive(BackissueError):
    """A file of the archive is not valid."""


class IndexMissing(BackissueError):
    """The data folder has no index, or none that this version can read."""


class IndexDamaged(IndexMissing):
    """A generation of the index is damaged; only a new build repairs it."""


class EngineUnreachable(IndexMissing):
    """The cluster that holds the index does not answer at the moment."""


class UnsafeFolder(IndexMissing):
    """A folder or file of the index is not opened, because another user could have written to it."""


class IndexLocked(BackissueError):
    """Another process is building the index."""


class BadQuery(BackissueError):
    """A query is too long, or a filter has an invalid value."""


class NotFound(BackissueError):
    """A requested name does not exist; `nearest` are similar existing names of the same kind."""

    def __init__(self, message: str, nearest: tuple[str, ...] = ()) -> None:
        super().__init__(f"{message} Did you mean {either(nearest[:SUGGESTED])}?" if nearest else message)
        self.message = message
        self.nearest = nearest


def either(names: tuple[str, ...]) -> str:
    """Join names for a question: "a, b or c"."""
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))


class FetchFailed(BackissueError):
    """A download failed."""


class NotAdded(BackissueError):
    """None of the given originals could be stored."""


class NotOpened(BackissueError):
    """An entry's original could not be opened: it has no URL, or there is no browser."""


class ExtraMissing(BackissueError):
    """An optional package that the command needs is not installed."""


class UnwritableFile(BackissueError):
    """A file could not be written."""


class UnusableClone(BackissueError):
    """A folder or file given as git history cannot be used."""
