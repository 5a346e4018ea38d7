"""exit and quit are there for programs."""

print(exit, quit)
exit(5)
