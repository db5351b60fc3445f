"""What the audit trail itself is told of that belongs to no slice."""

from dataclasses import dataclass

from ehe_portal.core.work import Event


@dataclass(frozen=True, kw_only=True)
class KeyChangeBegun(Event):
    """Sealing everything with the master key `to_key` began, by `login` on the server; until now others were in use.

    Keys are told by their fingerprints.
    """

    from_keys: tuple[str, ...]
    to_key: str
    login: str


@dataclass(frozen=True, kw_only=True)
class KeyChangeEnded(Event):
    """It came to its end: so many of the authority's files were sealed, and so many drafts of everyone's.

    `failed` could not be, so that an earlier key is still needed.
    """

    from_keys: tuple[str, ...]
    to_key: str
    login: str
    files: int
    drafts: int
    failed: int


@dataclass(frozen=True, kw_only=True)
class FileFoundDamaged(Event):
    """A file that the vault keeps was found to be gone, or not what was kept. `first`: no other of the authority is
    known to be, so that people are told."""

    identity: str
    first: bool


@dataclass(frozen=True, kw_only=True)
class FilesFoundWhole(Event):
    """Files that had been found damaged are whole again, or were deleted; how many."""

    files: int
