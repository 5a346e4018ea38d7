"""What the program sees of its machine: ids, files that a node serves, entropy, libraries."""
