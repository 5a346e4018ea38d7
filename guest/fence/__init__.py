"""The two walls: an audit hook, and namespaces of the kernel."""
