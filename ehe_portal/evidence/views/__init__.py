"""Sending evidence, for families and those whom they ask; reading and assessing it, for officers."""

from ehe_portal.evidence.views import decisions, family, looking, proofs, reviews, staff, statements
from ehe_portal.evidence.views.statements import may_attach

ALL_PAGES = (
    family.pages,
    statements.pages,
    statements.visitors,
    staff.pages,
    decisions.pages,
    decisions.own,
    reviews.pages,
    looking.pages,
    proofs.pages,
)

__all__ = ["ALL_PAGES", "may_attach"]
