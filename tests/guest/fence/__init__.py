"""Tests of the walls, one by one; what they do together is in tests/guest/test_fence.py."""
