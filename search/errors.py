"""Errors whose message can be shown to a user as it is: one plain sentence that says what to do."""


class SearchError(Exception):
    """Base of all errors meant for a user's eyes."""


class PhotoError(SearchError):
    """A photograph cannot be read or is outside the limits."""


class UnreadablePhoto(PhotoError):
    """Reading a photograph took more time or memory than any should, or broke its decoder."""


class OutsideError(PhotoError):
    """A place that a catalogue names for a photograph is not inside its own folder."""


class NetworkError(SearchError):
    """A network is unknown, or its weights are missing or do not fit."""


class ClusterError(SearchError):
    """The processes that share the encoding cannot be reached, or end, or lack what they need."""


class FeatureError(SearchError):
    """A photograph gave no usable feature (all zero, not finite)."""


class CatalogueError(SearchError):
    """The catalogue refuses a change or cannot be read."""


class DamagedError(CatalogueError):
    """The catalogue's database is damaged, or empty beside photographs; a backup helps."""


class BackupError(CatalogueError):
    """A folder for a backup cannot be used, or what it holds is none that may be put back."""


class BusyError(CatalogueError):
    """Somebody else is writing to the catalogue; try again."""


class QueryError(SearchError):
    """A search cannot be answered (k below 1, wrong feature size, unknown metric)."""


class MismatchError(SearchError):
    """Features of one network meet the index or store of another."""


class IndexUnavailable(SearchError):
    """A published index cannot be reached, opened or written, or its client is not installed."""


class NothingPublished(IndexUnavailable):
    """An address leads to no published index yet."""


class ImportRefused(SearchError):
    """An import, an archive or a saved object is refused as a whole."""


class AccessError(SearchError):
    """A key, passcode or role is unknown or not legal, or does not allow what was asked."""


class EventError(SearchError):
    """An event is not legal, or events cannot be read or written."""


class OverloadedError(SearchError):
    """More is asked at once than can be answered; ask again in a moment."""


class Cancelled(SearchError):
    """The user stopped a long task; no product was changed."""


class UploadError(SearchError):
    """An upload is more than is taken in one file, of one visitor, or of all together."""
