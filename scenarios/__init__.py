"""Bundled scenarios: data only. Read ``first-job.toml`` to see what one looks like."""
