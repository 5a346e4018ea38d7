"""What tells the time: ``time``, ``datetime``, and the times of files."""
