"""Who and where the program is: ids, host name, processors, memory, disk, load."""

from __future__ import annotations

import os


def install(host, facts):
    """Replace what ``os`` says about the machine; *facts* come from the host."""
    os.getpid = lambda: facts["pid"]
    # Who was forked here may outlive its parent, and have another one then.
    os.getppid = lambda: host.ask("getppid") if facts.get("forked") else facts["ppid"]
    os.getpgrp = lambda: host.ask("getpgid", pid=0)
    os.getuid = os.geteuid = lambda: facts["uid"]
    os.getgid = os.getegid = lambda: facts["gid"]
    os.getgroups = lambda: [facts["gid"]]
    os.getlogin = lambda: facts["user"]
    os.cpu_count = lambda: facts["cpus"]
    os.sched_getaffinity = lambda which: set(range(facts["cpus"]))
    os.getloadavg = lambda: tuple(facts["load"])
    os.uname = lambda: os.uname_result(
        ("Linux", facts["hostname"], facts["release"], "#1 SMP", "x86_64")
    )
    _install_passwd(facts)
    _install_resources(host, facts)


def _install_passwd(facts):
    import pwd

    user = pwd.struct_passwd(
        (facts["user"], "x", facts["uid"], facts["gid"], "", facts["home"], "/bin/bash")
    )
    root = pwd.struct_passwd(("root", "x", 0, 0, "root", "/root", "/bin/bash"))
    pwd.getpwuid = lambda uid: user if uid else root
    pwd.getpwnam = lambda name: user
    pwd.getpwall = lambda: [user]


def _install_resources(host, facts):
    """Room on disks and memory: the node's, which are the same in every run."""
    block = 4096
    true_sysconf = os.sysconf
    known = {
        "SC_NPROCESSORS_ONLN": facts["cpus"],
        "SC_NPROCESSORS_CONF": facts["cpus"],
        "SC_PHYS_PAGES": facts["memory"] // block,
        "SC_AVPHYS_PAGES": facts["memory"] // block,
    }

    def statvfs(path):
        total, free = host.ask("disk")
        blocks, left = total // block, free // block
        return os.statvfs_result((block, block, blocks, left, left, 10**7, 10**7, 10**7, 0, 255))

    def sysconf(name):
        return known.get(name) or true_sysconf(name)

    os.statvfs = os.fstatvfs = statvfs
    os.sysconf = sysconf
