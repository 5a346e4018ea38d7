"""Moving files: where they are, how they get here and there, and proof that they did."""
