"""What is confirmed as posted, and how a mistake is put right."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from ehe_portal.audit.models import AuditEntry
from ehe_portal.core.errors import Refusal
from ehe_portal.core.work import Work
from ehe_portal.letters import queries, service
from tests.letters.conftest import a_letter
from tests.village import Village

NewWork = Callable[..., Work]
TODAY = date(2026, 3, 12)


def test_posting_is_confirmed_for_a_pile_once(village: Village, new_work: NewWork) -> None:
    work = new_work(village.adviser)
    pile = [a_letter(work, village[name]) for name in ("Ben", "Cleo")]
    assert list(queries.to_post(work)) == pile
    for wrong in (date(2026, 3, 13), date(2026, 3, 11)):
        with pytest.raises(Refusal, match="date"):
            service.confirm_posted(work, pile, wrong)
    with pytest.raises(Refusal, match="Select"):
        service.confirm_posted(work, [], TODAY)
    batch = service.confirm_posted(work, pile, TODAY)
    assert queries.to_post(work) == []
    (known,) = queries.batches(work)
    assert (known.batch, known.letters, known.standing, known.confirmed_by_id) == (batch, 2, 2, village.adviser.id)
    with pytest.raises(Refusal, match="no longer wait"):
        service.confirm_posted(work, pile[:1], TODAY)
    kinds = work.session.scalars(select(AuditEntry.kind).where(AuditEntry.kind == "LetterPosted")).all()
    assert len(kinds) == 2


def test_a_mistaken_confirmation_stays_struck_out(village: Village, new_work: NewWork) -> None:
    work = new_work(village.adviser)
    first, second = (a_letter(work, village[name]) for name in ("Ben", "Cleo"))
    work.at = work.at.replace(day=16)
    batch = service.confirm_posted(work, [first, second], date(2026, 3, 13))
    service.correct_posting(work, [first], None)
    assert list(queries.to_post(work)) == [first]
    service.correct_posting(work, [second], date(2026, 3, 16))
    assert second.posted_on == date(2026, 3, 16)
    struck, standing = reversed(queries.postings_of(work, second.id))
    assert (struck.posted_on, struck.struck_out_by_id) == (date(2026, 3, 13), village.adviser.id)
    assert (standing.posted_on, standing.struck_out_at) == (date(2026, 3, 16), None)
    assert len(queries.postings_in(work, batch)) == 2
    for again in ([first], []):
        with pytest.raises(Refusal):
            service.correct_posting(work, again, None)
    with pytest.raises(Refusal, match="another date"):
        service.correct_posting(work, [second], date(2026, 3, 16))
    with pytest.raises(Refusal, match="future"):
        service.correct_posting(work, [second], date(2026, 3, 17))


def test_the_pile_is_this_authoritys_alone(village: Village, new_work: NewWork) -> None:
    work = new_work(village.adviser)
    letter = a_letter(work, village["Ben"])
    batch = service.confirm_posted(work, [letter], TODAY)
    waiting = a_letter(work, village["Ben"])
    for account in (*village.stranger.values(), village.parents["Ada"]):
        stranger = new_work(account)
        assert waiting not in queries.to_post(stranger)
        assert queries.batches(stranger) == []
        assert queries.postings_in(stranger, batch) == []
