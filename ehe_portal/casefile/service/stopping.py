"""Stopping every message to a family, with what its pages show at that moment."""

from collections.abc import Sequence

from ehe_portal.casefile.queries.family import picture_of
from ehe_portal.core.errors import Refusal
from ehe_portal.core.work import Work
from ehe_portal.register import queries as children
from ehe_portal.register import service as register
from ehe_portal.register.models import Child


def stop_messages(work: Work, child: Child, why: str, along: Sequence[str] = ()) -> None:
    """Stop messages about a child, and about those of its family whose references `along` names. Raises `Refusal`."""
    family = {one.reference: one for one in children.linked_children(work, child)}
    if set(along) - set(family):
        raise Refusal("Select children who are linked as one family with this child", "along")
    stopping = [child, *(family[reference] for reference in along)]
    register.stop_messages(work, [(one, picture_of(work, one)) for one in stopping], why)
