"""What Rucio's clients share."""
