"""What of a child's story is asked for."""

from ehe_portal.casefile.queries.chronology import Asked
from ehe_portal.casefile.rules.chronology import Group
from ehe_portal.core.govuk import DateField, SearchForm, SelectField


class ChronologyForm(SearchForm):
    """Which part of the story. A date that is none is left out."""

    kind = SelectField("What", choices=Group, blank="Everything")
    since = DateField("From", what="the first day", hint="For example, 1 9 2026")
    until = DateField("Until", what="the last day", hint="For example, 31 8 2027")

    def asked(self) -> Asked:
        """The same for the query."""
        return Asked(self.kind.data, self.since.data, self.until.data)
