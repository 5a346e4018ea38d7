"""The checks, one file each.

A new check is a new file here and its name in ORDER, which is the order in which checks are run
and printed: the one of site_verify, from the prerequisites over the credential to the services.
Named rather than searched for, so that they are found in a zip file too.
"""

from __future__ import annotations

from importlib import import_module

from siteverify.catalogue import CHECKS

ORDER = (
    "env_path_unset",
    "sw_tools",
    "auth_cred_present",
    "auth_proxy_tool",
    "auth_proxy_lifetime",
    "auth_proxy_voms",
    "auth_ca_dir",
    "sec_privilege",
    "env_user",
    "env_home",
    "env_path_usrbin",
    "env_python",
    "env_osg_defined",
    "env_osg_paths",
    "env_tmp",
    "env_proxyvars",
    "disk_space_work",
    "disk_inodes",
    "disk_write_real",
    "disk_exec",
    "disk_shm",
    "proc_ps",
    "cvmfs_mounted",
    "net_hostname",
    "net_dns",
    "net_fw_out",
    "net_http_server",
    "auth_clock",
    "panda_queue_known",
    "panda_queue_state",
    "panda_queue_consistency",
    "res_cores",
    "res_nofile",
    "res_load",
)

for _name in ORDER:
    import_module(f"siteverify.checks.{_name}")

__all__ = ["CHECKS", "ORDER"]
