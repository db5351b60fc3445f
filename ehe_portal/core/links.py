"""Links sent by mail: the number of a row, signed, so that nobody can make one up and no secret waits in the outbox."""

from itsdangerous import BadData, URLSafeTimedSerializer

SALT = "mail-link"


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
