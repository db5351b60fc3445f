"""How parents would like their letters."""

from ehe_portal.core.work import Work
from ehe_portal.letters import queries
from ehe_portal.letters.events import LetterWishesSet
from ehe_portal.letters.models import LetterWishes
from ehe_portal.register.models import Parent


def set_wishes(work: Work, parent: Parent, *, large_print: bool, by_post: bool) -> None:
    """Put down how a parent would like letters from now on; what was written before stays as it was sent."""
    found = queries.wishes_of(work, [parent.id]).get(parent.id)
    before = (found.large_print, found.by_post) if found else (False, False)
    if before == (large_print, by_post):
        return
    if found is None:
        found = LetterWishes(
            authority_id=parent.authority_id,
            parent_id=parent.id,
            large_print=large_print,
            by_post=by_post,
            set_at=work.at,
            set_by_id=work.actor.account_id,
        )
        work.session.add(found)
    found.large_print, found.by_post = large_print, by_post
    found.set_at, found.set_by_id = work.at, work.actor.account_id
    work.session.flush()
    work.publish(
        LetterWishesSet(
            authority_id=parent.authority_id,
            child_id=parent.child_id,
            parent_id=parent.id,
            large_print=large_print,
            by_post=by_post,
        )
    )
