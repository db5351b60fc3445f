"""Who can sign in to the demonstration: the council's staff and some parents, all with the same words."""

from dataclasses import dataclass
from typing import Final

from ehe_portal.accounts.policy import Role
from ehe_portal.core.codes import Sex

CODE: Final = "999"
COUNCIL: Final = "Aldermere County Council"
CONTACT_EMAIL: Final = "home.education@aldermere.example"
CONTACT_PHONE: Final = "01632 960100"
SIGN_IN_WORDS: Final = "orchard kettle lantern"


@dataclass(frozen=True)
class Person:
    """Someone who can sign in; `note` says what can be seen with this account."""

    name: str
    role: Role
    note: str
    domain: str = "aldermere.example"
    is_away: bool = False

    @property
    def email(self) -> str:
        """The address that they sign in with."""
        plain = self.name.lower().replace("ń", "n").replace("â", "a")
        return f"{'.'.join(plain.split())}@{self.domain}"


STAFF: Final = (
    Person("Priya Nair", Role.ADVISER, "Her worklist, visits today, registrations to check"),
    Person("Tom Hathaway", Role.ADVISER, "His own children and worklist"),
    Person("Bukola Adeyemi", Role.ADVISER, "Her own children and worklist"),
    Person("Siân Griffiths", Role.ADVISER, "Her own children and worklist"),
    Person("Marek Zieliński", Role.ADVISER, "His own children and worklist"),
    Person("Ruth Osgood", Role.EHE_MANAGER, "The whole team: assigns episodes, proves that nobody fell through"),
    Person("Janet Whitlock", Role.CME_OFFICER, "The escalations, and an alert for each in the mailbox"),
    Person("Imran Malik", Role.CME_OFFICER, "The escalations, and an alert for each in the mailbox"),
    Person("Eilidh Fraser", Role.CME_OFFICER, "Away this week, so alerts do not go to her", is_away=True),
    Person("David Satterthwaite", Role.CME_MANAGER, "The escalations of the whole team"),
    Person("Farah Hussain", Role.HEAD_OF_SERVICE, "Everything that managers see"),
    Person("Colin Pearce", Role.ADMINISTRATOR, "Adds staff and changes their roles; sees no child"),
    Person("Mei Cheung", Role.AUDITOR, "Reads the register and the audit trail; changes nothing"),
)

WAITING: Final = Person(
    "Hannah Merriweather", Role.PARENT, "Has just registered a child, who waits to be checked", "example.org"
)
ACCEPTED: Final = Person(
    "Folasade Balogun", Role.PARENT, "Two children, evidence sent, an officer's decision to read", "example.org"
)
SILENT: Final = Person(
    "Craig Underhill", Role.PARENT, "Registered, was offered contact, and has not been heard from since", "example.org"
)
SECOND: Final = Person(
    "Kayode Balogun", Role.PARENT, "The other parent of the same two children, at another address", "example.org"
)
PARENTS: Final = (WAITING, ACCEPTED, SILENT)
EVERYONE: Final = (*STAFF, *PARENTS, SECOND)


@dataclass(frozen=True)
class CastChild:
    """A child of one of the parents above: `year_group` as of today."""

    forename: str
    surname: str
    sex: Sex
    year_group: int


CHILDREN: Final = {
    WAITING: (CastChild("Wren", "Merriweather", Sex.FEMALE, 4),),
    ACCEPTED: (
        CastChild("Temiloluwa", "Balogun", Sex.FEMALE, 6),
        CastChild("Ayodele", "Balogun", Sex.MALE, 9),
    ),
    SILENT: (CastChild("Kit", "Underhill", Sex.MALE, 8),),
}
