"""`make bench`: what the portal costs, as ratios against bare baselines that run beside it. Never part of `make test`.

Nothing here judges a time: machines differ, and one that is busy is no failure. What both sides did is compared before
anything is timed, and a difference there ends the case.
"""
