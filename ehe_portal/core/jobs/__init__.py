"""What happens by itself: due work is found by one query and done in batches; one leader, one claim for each slot.

A job is *found* (`find`: one indexed query for due ids) and *done* (`do`: a use-case over a batch of ids, in one
transaction). A batch that fails is done again one id at a time, so that one broken case cannot hold up the rest.
Correctness never rests on who runs it or how often: the claims only spare needless work.
"""

from ehe_portal.core.jobs.models import JobLeader, JobRun
from ehe_portal.core.jobs.plan import Daily, Every, Job
from ehe_portal.core.jobs.runner import run

__all__ = ["Daily", "Every", "Job", "JobLeader", "JobRun", "run"]
