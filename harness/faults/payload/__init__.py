"""Faults of the payload: the job's own program (``payload``, or ``payload.<key>`` of one job)."""
