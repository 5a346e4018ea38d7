"""Sets of texts have one order for one hash seed."""

print(list({"a", "b", "c", "d", "e"}), hash("text") == hash("te" + "xt"))
