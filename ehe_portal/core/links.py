"""Signed links, which nobody can make up.

Those sent by mail are the number of a row, so that no secret waits in the outbox. Those to a file say which, for which
sitting, and until when.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from itsdangerous import BadData, URLSafeSerializer, URLSafeTimedSerializer

SALT = "mail-link"
VISITOR_SALT = "visitor-link"
FILE_SALT = "file-link"


@dataclass(frozen=True)
class FileLink:
    """A link to a file, by its reference, that one sitting may use until a moment (to the second)."""

    file: str
    sitting: str
    until: datetime


def sign_link(secret_key: str, link_id: int) -> str:
    """The token that stands for a link's row in a mail."""
    return URLSafeTimedSerializer(secret_key, salt=SALT).dumps(link_id)


def read_link(secret_key: str, token: str) -> int | None:
    """The row's number, or None for a token that was not signed here. How long a link holds is said by its row."""
    try:
        link_id = URLSafeTimedSerializer(secret_key, salt=SALT).loads(token)
    except BadData:
        return None
    return link_id if isinstance(link_id, int) else None


def sign_visitor_link(secret_key: str, row_id: int, mails: int) -> str:
    """The token in a mail to somebody without an account: it stands for a row, and for which mail about it this is."""
    return URLSafeSerializer(secret_key, salt=VISITOR_SALT).dumps([row_id, mails])


def read_visitor_link(secret_key: str, token: str) -> tuple[int, int] | None:
    """The row's number and the mail's, or None for a token that was not signed here."""
    try:
        row_id, mails = URLSafeSerializer(secret_key, salt=VISITOR_SALT).loads(token)
    except BadData:
        return None
    return int(row_id), int(mails)


def sign_file_link(secret_key: str, link: FileLink) -> str:
    """The token that stands for a link to a file."""
    return URLSafeSerializer(secret_key, salt=FILE_SALT).dumps([link.file, link.sitting, int(link.until.timestamp())])


def read_file_link(secret_key: str, token: str) -> FileLink | None:
    """The link, or None for a token that was not signed here."""
    try:
        file, sitting, until = URLSafeSerializer(secret_key, salt=FILE_SALT).loads(token)
    except BadData:
        return None
    return FileLink(file, sitting, datetime.fromtimestamp(until, UTC))
