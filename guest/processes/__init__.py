"""Children, pids and signals: those of the simulated node."""
