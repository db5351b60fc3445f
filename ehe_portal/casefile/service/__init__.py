"""What the windows do themselves: the daily look, handing over several children at once, lists that people keep."""

from ehe_portal.casefile.service.giving import give
from ehe_portal.casefile.service.lists import forget_list, keep_list, note_export
from ehe_portal.casefile.service.sight import report_out_of_sight

__all__ = ["forget_list", "give", "keep_list", "note_export", "report_out_of_sight"]
