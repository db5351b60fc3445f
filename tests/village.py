"""A small named cast: two authorities, their staff, and families at every stage of a case on Thursday 12 March 2026."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import func, select

from ehe_portal.accounts.events import AuthorityAdded
from ehe_portal.accounts.models import Account, Authority
from ehe_portal.accounts.policy import Role
from ehe_portal.contact.events import ContactsImported
from ehe_portal.contact.models import Contact
from ehe_portal.contact.service import settle
from ehe_portal.core.codes import Arrangement, ContactKind, ContactOutcome, Destination, SocialCare, Tier
from ehe_portal.core.school_age import compulsory_school_age
from ehe_portal.core.work import Work
from ehe_portal.policy import queries as policy
from ehe_portal.register.events import EpisodeOpened
from ehe_portal.register.models import Address, Child, Episode, EpisodeChange, Parent
from ehe_portal.register.service import sort_name

LONG_AGO = datetime(2024, 1, 2, 9, tzinfo=UTC)


@dataclass
class Village:
    """Who lives and works here. Children are known by their forenames, staff by their roles."""

    authority: Authority
    elsewhere: Authority
    staff: dict[Role, Account] = field(default_factory=dict)
    stranger: dict[Role, Account] = field(default_factory=dict)
    parents: dict[str, Account] = field(default_factory=dict)
    children: dict[str, Child] = field(default_factory=dict)

    def __getitem__(self, forename: str) -> Child:
        return self.children[forename]

    @property
    def adviser(self) -> Account:
        return self.staff[Role.ADVISER]

    @property
    def cme_officer(self) -> Account:
        return self.staff[Role.CME_OFFICER]


def an_authority(work: Work, code: str, name: str) -> Authority:
    authority = Authority(code=code, name=name, created_at=LONG_AGO)
    work.session.add(authority)
    work.session.flush()
    work.publish(AuthorityAdded(authority_id=authority.id))
    return authority


def an_account(work: Work, authority: Authority, role: Role, email: str, name: str) -> Account:
    account = Account(authority_id=authority.id, email=email, name=name, role=role, created_at=LONG_AGO)
    work.session.add(account)
    work.session.flush()
    return account


def a_child(
    work: Work,
    authority: Authority,
    forename: str,
    surname: str,
    born: date,
    opened_on: date,
    *,
    adviser: Account | None = None,
    parent: Account | None = None,
    contacts: tuple[tuple[Any, ...], ...] = (),
    **episode: Any,
) -> Child:
    """A child with an address, a parent, an episode and contacts `(date, kind, outcome, **more)`, and a clock."""
    child = move_in(
        work,
        authority,
        forename,
        surname,
        born,
        opened_on,
        adviser=adviser,
        parent=parent,
        contacts=contacts,
        **episode,
    )
    open_episodes(work, [child])
    return child


def open_episodes(work: Work, children: Sequence[Child]) -> None:
    """Start the clocks of children who have moved in, all in one go."""
    episodes = work.session.scalars(
        select(Episode).where(Episode.child_id.in_([child.id for child in children])).order_by(Episode.id)
    ).all()
    work.publish(
        *(
            EpisodeOpened(
                authority_id=one.authority_id, child_id=one.child_id, episode_id=one.id, opened_on=one.opened_on,
                imported=True,
            )
            for one in episodes
        )
    )  # fmt: skip
    counted = work.session.execute(
        select(Contact.authority_id, Contact.child_id, func.count())
        .where(Contact.child_id.in_([child.id for child in children]))
        .group_by(Contact.authority_id, Contact.child_id)
        .order_by(Contact.child_id)
    ).all()
    if counted:
        work.publish(
            *(ContactsImported(authority_id=here, child_id=child_id, count=count) for here, child_id, count in counted)
        )
        heard = {child_id for _, child_id, _ in counted}
        settle(work, [one.id for one in episodes if one.child_id in heard])
    work.session.flush()
    for child in children:
        work.session.expire(child)


def move_in(
    work: Work,
    authority: Authority,
    forename: str,
    surname: str,
    born: date,
    opened_on: date,
    *,
    adviser: Account | None = None,
    parent: Account | None = None,
    contacts: tuple[tuple[Any, ...], ...] = (),
    **episode: Any,
) -> Child:
    """The rows of such a child, whose episode is still to be opened."""
    starts, ends = compulsory_school_age(born)
    child = Child(
        authority_id=authority.id,
        authority_ref=f"W-{forename}",
        legal_forename=forename,
        legal_surname=surname,
        sort_name=sort_name(forename, surname),
        date_of_birth=born,
        age_starts=starts,
        age_ends=ends,
        created_at=LONG_AGO,
    )
    work.session.add(child)
    work.session.flush()
    keys: dict[str, Any] = {"authority_id": authority.id, "child_id": child.id}
    opened = Episode(
        **keys,
        opened_on=opened_on,
        adviser_id=adviser.id if adviser else None,
        team_since=None if adviser else opened_on,
        accepted_at=LONG_AGO,
        opened_under_id=policy.in_force(work, authority.id, opened_on).id,
        **episode,
    )
    work.session.add_all(
        [
            opened,
            Address(**keys, line=f"{len(forename)} Mill Lane, Sturminster", postcode="BH16 6AA", from_on=opened_on),
            Parent(
                **keys,
                position=1,
                name=parent.name if parent else f"Robin {surname}",
                email=parent.email if parent else None,
                account_id=parent.id if parent else None,
                verified_at=LONG_AGO if parent else None,
            ),
        ]
    )
    work.session.flush()
    held: dict[str, Any] = {"tier": opened.tier, "social_care": opened.social_care}
    work.session.add(EpisodeChange(authority_id=authority.id, episode_id=opened.id, from_on=opened_on, **held))
    for happened_on, kind, outcome, *more in contacts:
        values = more[0] if more else {}
        written = outcome is ContactOutcome.RECEIVED
        work.session.add(
            Contact(
                **keys,
                happened_on=happened_on,
                kind=kind,
                outcome=outcome,
                recorded_at=LONG_AGO,
                **{"substantive": True if written else None, **values},
            )
        )
    return child


def build(work: Work) -> Village:
    """The whole village."""
    village = Village(an_authority(work, "838", "Wessex Council"), an_authority(work, "839", "Mercia Council"))
    names = dict(zip(Role, ("Ann", "Bob", "Cat", "Dev", "Eve", "Fay", "Gus", "Hal"), strict=True))
    for role, name in names.items():
        village.staff[role] = an_account(work, village.authority, role, f"{role}@wessex.example", f"{name} Wessex")
        village.stranger[role] = an_account(work, village.elsewhere, role, f"{role}@mercia.example", f"{name} Mercia")
    village.parents["Ada"] = village.staff.pop(Role.PARENT)
    village.parents["Zoe"] = village.stranger[Role.PARENT]
    visit, held = ContactKind.HOME_VISIT, ContactOutcome.HELD
    adviser = village.adviser
    here = village.authority

    def add(forename: str, surname: str, born: date, opened_on: date, **more: Any) -> None:
        village.children[forename] = move_in(work, here, forename, surname, born, opened_on, **more)

    add("Ada", "Byrne", date(2015, 5, 4), date(2024, 9, 10), adviser=adviser, parent=village.parents["Ada"],
        contacts=((date(2025, 12, 1), visit, held),))  # heard from: nothing due  # fmt: skip
    add("Ben", "Carter", date(2014, 7, 7), date(2024, 1, 10), adviser=adviser,
        contacts=((date(2025, 1, 15), visit, held),))  # silent: lapses at the next sweep  # fmt: skip
    add("Cleo", "Dunn", date(2013, 3, 3), date(2024, 1, 10), adviser=adviser,
        contacts=((date(2025, 3, 5), visit, held),))  # in her days of grace  # fmt: skip
    add("Esi", "Fraser", date(2016, 11, 20), date(2026, 2, 20), adviser=adviser, tier=Tier.CLOSE,
        social_care=SocialCare.CP, contacts=((date(2026, 2, 24), visit, held),))  # fmt: skip
    add("Finn", "Gray", date(2009, 2, 2), date(2023, 9, 4), adviser=adviser)  # past compulsory school age
    add("Gil", "Hart", date(2012, 8, 31), date(2025, 9, 3), adviser=adviser, arrangement=Arrangement.FLEXI,
        service_name="Hillside School", review_on=date(2026, 9, 1))  # fmt: skip
    add("Hana", "Ito", date(2013, 1, 9), date(2024, 4, 15), adviser=adviser, closed_on=date(2025, 9, 3),
        destination=Destination.SCHOOL)  # fmt: skip
    add("Ivo", "Jones", date(2022, 1, 1), date(2026, 1, 5))  # not yet of compulsory school age; with the team
    born, opened_on = date(2014, 6, 6), date(2024, 2, 1)
    village.children["Zoe"] = move_in(
        work, village.elsewhere, "Zoe", "Young", born, opened_on, parent=village.parents["Zoe"]
    )
    open_episodes(work, list(village.children.values()))
    return village
