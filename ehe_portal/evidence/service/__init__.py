"""What families send, and what officers find in it: sent, decided about, approved by another, asked for."""

from ehe_portal.evidence.rules import Criterion, Judged, Standing, all_satisfied
from ehe_portal.evidence.service.asking import (
    follow_messages,
    give_time,
    note_said_of_writing,
    note_told,
    open_again,
    withdraw,
)
from ehe_portal.evidence.service.assessing import Finding, Heard, approve, assess, return_it
from ehe_portal.evidence.service.letters import write_outcomes, write_requests
from ehe_portal.evidence.service.scanning import scan, scan_again, scanner_check, to_scan
from ehe_portal.evidence.service.sending import (
    Receipt,
    expect_file,
    forget_refused,
    give_up,
    key_in,
    largest_file,
    move_to_joined,
    note_arrived,
    note_kept,
    removing_strays,
    submit,
    throw_away,
    throw_away_unsent,
)

__all__ = [
    "Criterion",
    "Finding",
    "Heard",
    "Judged",
    "Receipt",
    "Standing",
    "all_satisfied",
    "approve",
    "assess",
    "expect_file",
    "follow_messages",
    "forget_refused",
    "give_time",
    "give_up",
    "key_in",
    "largest_file",
    "move_to_joined",
    "note_arrived",
    "note_kept",
    "note_said_of_writing",
    "note_told",
    "open_again",
    "removing_strays",
    "return_it",
    "scan",
    "scan_again",
    "scanner_check",
    "submit",
    "throw_away",
    "throw_away_unsent",
    "to_scan",
    "withdraw",
    "write_outcomes",
    "write_requests",
]
