"""Small blocking programs: each is run for real, and as a guest, with the same result."""
