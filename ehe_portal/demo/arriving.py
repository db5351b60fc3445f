"""What becomes of files before anyone reads them: scanned for viruses, sealed, or only half arrived.

The demonstration runs without a virus scanner, unless it is given one, and its pages say so. What was sent in the
months before was scanned by the council's own, as far as it got: the latest files wait, one holds a virus, one could
not be looked into.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from ehe_portal.core.scanner import Answer, Scanned
from ehe_portal.core.vault import StoredObject, Vault
from ehe_portal.core.work import Work
from ehe_portal.demo.casework import Casework
from ehe_portal.demo.stories import Story
from ehe_portal.evidence import service
from ehe_portal.evidence.models import Evidence, EvidenceFile

SCANNED_AFTER: Final = timedelta(minutes=1)
SEALED: Final = (
    Scanned(Answer.INFECTED, "Eicar-Test-Signature"),
    Scanned(Answer.NOT_SCANNED, "Heuristics.Limits.Exceeded"),
)
"""What the scanner said of the last file of two of the sendings."""

FILM, ARRIVED = 64 * 1024 * 1024, 3 * 1024 * 1024
FILM_NAME: Final = "Violin practice.mp4"


@dataclass
class Arrivals:
    """Lets files be scanned, of which the first that may be spared turn out to be sealed."""

    to_seal: list[Scanned] = field(default_factory=lambda: list(SEALED))

    def scanned(self, work: Work, sent: Evidence, *, for_good: bool) -> None:
        """Let the scanner look into what was sent, unless it is of the latest. One file beside others may be sealed."""
        if not for_good:
            return
        for number, file in enumerate(sent.files, start=1):
            seals = self.to_seal and 1 < number == len(sent.files)
            note(work, file, self.to_seal.pop() if seals else Scanned(Answer.CLEAN))


def note(work: Work, file: EvidenceFile, said: Scanned) -> None:
    """Put down what the scanner said of a file."""
    kept = StoredObject(file.stored_as, file.size, file.sha256)
    taken = service.Taken(file.id, file.authority_id, kept, file.sent_at, 1)
    service.note_scanned(taken, said, work.at + SCANNED_AFTER, work.session)


def leave_half_arrived(casework: Casework, vault: Vault, told: Sequence[Story], now: datetime) -> None:
    """Leave a film of which a part has arrived, and then the line was lost, with each of the cast who sends things."""
    for story in told:
        adult = story.household.adults[0]
        if story.person is None or adult.email not in casework.parents or story.child_id is None:
            continue
        work = casework.council.acting(casework.parents[adult.email], now - timedelta(hours=3))
        child = casework.council.child(story.child_id)
        waiting = service.expect_file(work, child, FILM_NAME, "video/mp4", FILM, in_parts=True)
        with vault.growing(waiting.stored_as, FILM) as growing:
            growing.take(0, [bytes(ARRIVED)])
