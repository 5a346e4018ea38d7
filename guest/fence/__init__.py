"""The walls: an audit hook, a filter of system calls, Landlock, namespaces of the kernel."""
