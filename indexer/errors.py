"""The errors that a person is told about, each a sentence on what, where and what to do next."""


class BackissueError(Exception):
    """Base of every error that is the user's to mend; a bug is anything else."""


class UnreadableSource(BackissueError):
    """A file or page that holds no issue text that could be read."""


class ReaderFailed(UnreadableSource):
    """A source on which a reader failed with an exception that it should not raise; a bug, contained."""


class UnknownIssue(BackissueError):
    """A source that says neither which newsletter and issue it is nor when it appeared."""


class BadArchive(BackissueError):
    """A file under archive/ that does not hold what it should."""


class IndexMissing(BackissueError):
    """There is no index in the data folder, or none that this version can read."""


class IndexDamaged(IndexMissing):
    """A generation of the index that is not as it was written, and stays so until the next build."""


class UnsafeFolder(IndexMissing):
    """A folder or file of the index that someone else could have written to, and that is therefore not opened."""


class IndexLocked(BackissueError):
    """Another process is building the index."""


class BadQuery(BackissueError):
    """A query that is outside the bounds, or a filter that cannot be understood."""


class NotFound(BackissueError):
    """What is asked for by its name and is not there; `nearest` are the names of the same kind that are near to it."""

    def __init__(self, message: str, nearest: tuple[str, ...] = ()) -> None:
        super().__init__(f"{message}; the nearest: {', '.join(nearest)}" if nearest else message)
        self.message = message
        self.nearest = nearest


class FetchFailed(BackissueError):
    """A download that did not succeed."""


class NotAdded(BackissueError):
    """Originals that could not be kept, none of them."""


class NotOpened(BackissueError):
    """An entry whose original could not be opened: it has no address, or there is no browser."""


class ExtraMissing(BackissueError):
    """A package that only one command needs is not installed."""


class UnwritableFile(BackissueError):
    """A file that cannot be written."""


class UnusableClone(BackissueError):
    """A folder or file that was named as a repository's history and cannot be used as one."""
