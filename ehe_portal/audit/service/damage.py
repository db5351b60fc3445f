"""Files of the vault that cannot be opened any more: put down once each, people told, until they are whole again.

Nothing of such a file leaves the vault (`core.vault`). Whoever wanted it is told so at once; this is for those who look
after the service.
"""

from collections.abc import Collection
from datetime import datetime
from functools import partial

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ehe_portal.audit.events import FileFoundDamaged, FilesFoundWhole
from ehe_portal.audit.models import DamagedFile
from ehe_portal.core import db
from ehe_portal.core.govuk.words import counted
from ehe_portal.core.health import Check
from ehe_portal.core.web import portal
from ehe_portal.core.work import JOBS, Scope, Work


def note_damaged(work: Work, identity: str, authority_id: int) -> None:
    """Put down, once this work has ended, that a file cannot be opened; it may be one that only reads."""
    work.afterwards(partial(put_down, identity, authority_id, work.at))


def note_damaged_now(identity: str, authority_id: int) -> None:
    """The same where no work is under way any more, as while an answer is on its way."""
    with db.new_session(writing=None) as own, own.begin():
        put_down(identity, authority_id, portal().now(), own)


def put_down(identity: str, authority_id: int, at: datetime, session: Session) -> None:
    """Keep it, if nobody has; the first of an authority is told of."""
    try:
        with session.begin_nested():
            session.add(DamagedFile(authority_id=authority_id, identity=identity, found_at=at))
    except IntegrityError:
        return
    known = session.scalar(select(func.count(DamagedFile.id)).where(DamagedFile.authority_id == authority_id))
    work = Work(session, JOBS, at, Scope(everything=True), portal().reactions)
    work.publish(FileFoundDamaged(authority_id=authority_id, identity=identity, first=known == 1))


def forget_mended(work: Work, damaged: Collection[str]) -> None:
    """Every file was looked at, and these alone are damaged: let go of all others."""
    known = work.session.execute(select(DamagedFile.id, DamagedFile.authority_id, DamagedFile.identity)).all()
    mended = [one for one in known if one.identity not in damaged]
    if not mended:
        return
    work.session.execute(delete(DamagedFile).where(DamagedFile.id.in_([one.id for one in mended])))
    owners = [one.authority_id for one in mended]
    work.publish(*(FilesFoundWhole(authority_id=one, files=owners.count(one)) for one in sorted(set(owners))))


def files_check(work: Work) -> Check:
    """Whether every file that someone wanted could be opened, as one of the checks of `core.health`."""
    found = select(func.count(DamagedFile.id))
    if not work.scope.everything:
        found = found.where(DamagedFile.authority_id == work.scope.authority_id)
    damaged = work.session.scalar(found) or 0
    said = "Every file that was asked for could be opened"
    if damaged:
        said = f"{counted(damaged, 'file that is kept cannot', 'files that are kept cannot')} be opened"
    remedy = "Run flask vault verify, which names what is damaged; put it back from the last backup, and run it again"
    return Check("files", "Files that are kept", said, damaged > 0, remedy)
