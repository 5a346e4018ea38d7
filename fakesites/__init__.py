"""Sites of the simulated grid: worker nodes and their tools, storage, batch, credentials."""
