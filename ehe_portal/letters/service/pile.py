"""All the letters for the post in one file, as it goes to the printer."""

import io
from collections.abc import Sequence

from pypdf import PdfReader, PdfWriter

from ehe_portal.core.vault import VaultDamaged, VaultMissing
from ehe_portal.letters import rules
from ehe_portal.letters.models import Letter
from ehe_portal.letters.service.keeping import opened, said_in


def pile_of(letters: Sequence[Letter]) -> tuple[bytes, list[Letter]]:
    """The letters in the order of their addresses, each beginning on a right-hand page; and those that do not open.

    An empty page follows a letter of an odd number of pages: printed on both sides, none has another's first page on
    its back.
    """
    found: list[tuple[tuple[str, ...], int, bytes]] = []
    unopened = []
    for letter in letters:
        try:
            found.append((rules.by_address(said_in(letter).to), letter.id, b"".join(opened(letter))))
        except (VaultDamaged, VaultMissing):
            unopened.append(letter)
    writer = PdfWriter()
    for _, _, content in sorted(found):
        pages = PdfReader(io.BytesIO(content)).pages
        for page in pages:
            writer.add_page(page)
        if len(pages) % 2:
            writer.add_blank_page()
    writer.compress_identical_objects()
    whole = io.BytesIO()
    writer.write(whole)
    return whole.getvalue(), unopened
