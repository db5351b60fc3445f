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
from ehe_portal.evidence.service.assessing import NEEDS_KNOWN, Finding, Heard, approve, assess, return_it
from ehe_portal.evidence.service.commenting import comment
from ehe_portal.evidence.service.letters import write_outcomes, write_requests
from ehe_portal.evidence.service.proofs import add_proof, expect_proof, strike_out_proof
from ehe_portal.evidence.service.reviewing import keep_one_review, report_late_reviews, write_page_note
from ehe_portal.evidence.service.scanning import Taken, note_scanned, scan, scan_again, scanner_check, to_scan
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
    tell,
    throw_away,
    throw_away_unsent,
)

__all__ = [
    "NEEDS_KNOWN",
    "Criterion",
    "Finding",
    "Heard",
    "Judged",
    "Receipt",
    "Standing",
    "Taken",
    "add_proof",
    "all_satisfied",
    "approve",
    "assess",
    "comment",
    "expect_file",
    "expect_proof",
    "follow_messages",
    "forget_refused",
    "give_time",
    "give_up",
    "keep_one_review",
    "key_in",
    "largest_file",
    "move_to_joined",
    "note_arrived",
    "note_kept",
    "note_said_of_writing",
    "note_scanned",
    "note_told",
    "open_again",
    "removing_strays",
    "report_late_reviews",
    "return_it",
    "scan",
    "scan_again",
    "scanner_check",
    "strike_out_proof",
    "submit",
    "tell",
    "throw_away",
    "throw_away_unsent",
    "to_scan",
    "withdraw",
    "write_outcomes",
    "write_page_note",
    "write_requests",
]
