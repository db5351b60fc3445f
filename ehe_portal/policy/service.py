"""Setting an authority's values, and its schools' terms and holidays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from ehe_portal.accounts.events import AuthorityAdded
from ehe_portal.accounts.models import Authority
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.work import Work
from ehe_portal.policy import queries, rules
from ehe_portal.policy.events import PolicySet, PolicyWithdrawn, TermDateRemoved, TermDateSet
from ehe_portal.policy.models import SINCE_EVER, PolicyValues, PolicyVersion, TermDate, TermKind
from ehe_portal.policy.rules.profiles import NOW, PROFILES


def begin(work: Work, added: Sequence[AuthorityAdded]) -> None:
    """Give new authorities the default values, in force since 1900, so that every date has a version."""
    for event in added:
        if event.authority_id is not None:
            keep(work, event.authority_id, PolicyValues(), SINCE_EVER, number=1, profile=NOW)


def set_values(
    work: Work,
    authority_id: int,
    values: PolicyValues,
    in_force_from: date,
    profile: str | None = None,
    seen: int | None = None,
) -> PolicyVersion:
    """Let new values hold from a London date on, today at the earliest, under the same profile or another.

    `seen` is the number of the latest version that the administrator had before their eyes. Raises `Refusal`, also
    for a profile of a law that is not in force on that day.
    """
    chosen = check_values(work, authority_id, in_force_from, profile, seen)
    for name, named in rules.NAMED.items():
        if not named.least <= getattr(values, name) <= named.most:
            raise Refusal(f"Enter a number from {named.least} to {named.most}", name)
    number = queries.latest_number(work, authority_id) + 1
    try:
        with work.session.begin_nested():
            return keep(work, authority_id, values, in_force_from, number=number, profile=chosen)
    except IntegrityError:
        raise ChangedMeanwhile("The values") from None


def check_values(
    work: Work, authority_id: int, in_force_from: date, profile: str | None = None, seen: int | None = None
) -> str:
    """The profile under which new values would hold from a day on. Raises `Refusal` where they cannot."""
    known = queries.versions(work, authority_id)
    if seen is not None and seen != known[-1].number:
        raise ChangedMeanwhile("The values")
    if in_force_from < work.today:
        raise Refusal("Enter a date that is today or later: values that have held cannot be changed", "in_force_from")
    if any(version.in_force_from >= in_force_from for version in known):
        raise Refusal("Enter a date after the latest version's: versions follow one another", "in_force_from")
    chosen = profile or known[-1].profile
    if chosen not in PROFILES or not PROFILES[chosen].is_in_force(in_force_from):
        raise Refusal("Select a law that is in force on that date", "profile")
    return chosen


def withdraw(work: Work, version: PolicyVersion) -> None:
    """Withdraw a version before its day: it never held, and stays on record. Raises `Refusal`."""
    if version.in_force_from <= work.today:
        raise Refusal("Values that hold already cannot be withdrawn: set others from a later day")
    if version.withdrawn_at is not None:
        raise Refusal("These values have been withdrawn already")
    version.withdrawn_at, version.withdrawn_by_id = work.at, work.actor.account_id
    work.session.flush()
    work.publish(
        PolicyWithdrawn(authority_id=version.authority_id, number=version.number, in_force_from=version.in_force_from)
    )


def keep(
    work: Work, authority_id: int, values: PolicyValues, in_force_from: date, number: int, profile: str
) -> PolicyVersion:
    """Write one version and say so."""
    version = PolicyVersion(
        authority_id=authority_id,
        number=number,
        in_force_from=in_force_from,
        profile=profile,
        stored=values.as_json(),
        created_at=work.at,
        created_by_id=work.actor.account_id,
    )
    work.session.add(version)
    work.session.flush()
    work.publish(PolicySet(authority_id=authority_id, number=number, in_force_from=in_force_from))
    return version


# Terms and holidays


@dataclass(frozen=True)
class TermWanted:
    """A term or a holiday as it should be."""

    kind: TermKind
    name: str
    first_on: date
    last_on: date


def add_term_date(work: Work, authority_id: int, wanted: TermWanted) -> TermDate:
    """Put a term or holiday into the calendar. Raises `Refusal`."""
    check(work, authority_id, wanted, None)
    added = TermDate(
        authority_id=authority_id,
        school_year=rules.school_year_of(wanted.first_on),
        kind=wanted.kind,
        name=wanted.name.strip(),
        first_on=wanted.first_on,
        last_on=wanted.last_on,
    )
    work.session.add(added)
    work.session.flush()
    say_set(work, added)
    return added


def new_in(work: Work, authority_id: int, lines: Sequence[rules.Line]) -> list[rules.Line]:
    """What of a file is not in the calendar yet. Raises `BadFile` naming each line that does not fit."""
    known = queries.term_dates(work, authority_id)
    return rules.new_lines(lines, [rules.Stretch(one.kind, one.first_on, one.last_on) for one in known])


def import_terms(work: Work, authority_id: int, lines: Sequence[rules.Line]) -> int:
    """Put all of a file into the calendar that is not there yet, or nothing; how many. Raises `Refusal`."""
    wanted = new_in(work, authority_id, lines)
    for one in wanted:
        add_term_date(work, authority_id, TermWanted(one.kind, one.name, one.first_on, one.last_on))
    return len(wanted)


def change_term_date(work: Work, known: TermDate, wanted: TermWanted, version: int | None) -> None:
    """Change a term or holiday. Raises `Refusal`. `version` is the one that the administrator had before their eyes."""
    if known.version != version:
        raise ChangedMeanwhile("This term or holiday")
    check(work, known.authority_id, wanted, known)
    known.kind, known.name = wanted.kind, wanted.name.strip()
    known.first_on, known.last_on = wanted.first_on, wanted.last_on
    known.school_year = rules.school_year_of(wanted.first_on)
    if work.session.is_modified(known):
        work.session.flush()
        say_set(work, known)


def remove_term_date(work: Work, known: TermDate, version: int | None) -> None:
    """Take a term or holiday out of the calendar. Raises `Refusal`."""
    if known.version != version:
        raise ChangedMeanwhile("This term or holiday")
    work.session.delete(known)
    work.session.flush()
    work.publish(
        TermDateRemoved(
            authority_id=known.authority_id,
            reference=known.reference,
            kind=known.kind,
            first_on=known.first_on,
            last_on=known.last_on,
        )
    )


def check(work: Work, authority_id: int, wanted: TermWanted, itself: TermDate | None) -> None:
    """Raises `Refusal` where a term or holiday does not fit beside the authority's others."""
    # Two administrators at the same moment must not each find room for what overlaps.
    work.session.execute(select(Authority.id).where(Authority.id == authority_id).with_for_update(key_share=True))
    others = [one for one in queries.term_dates(work, authority_id) if one is not itself]
    if not 0 < len(wanted.name.strip()) <= rules.LONGEST_TERM_NAME:
        raise Refusal(f"Enter a name of 1 to {rules.LONGEST_TERM_NAME} characters", "name")
    problem = rules.stretch_problem(
        rules.Stretch(wanted.kind, wanted.first_on, wanted.last_on),
        [rules.Stretch(one.kind, one.first_on, one.last_on) for one in others],
    )
    if problem:
        field, message = problem
        raise Refusal(message, field)


def say_set(work: Work, known: TermDate) -> None:
    """Say what a term or holiday is now."""
    work.publish(
        TermDateSet(
            authority_id=known.authority_id,
            reference=known.reference,
            kind=known.kind,
            first_on=known.first_on,
            last_on=known.last_on,
        )
    )
