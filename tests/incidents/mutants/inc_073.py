"""INC-073 the proxy of one job's payload is used for all that follows

pilot3 before 3.11.0.29 (6eecde55, 2025-09-18): os.environ['X509_USER_PROXY'] was set to the proxy
of the unified dispatch and kept, with '-unified' in its name, for the next job.
"""

from __future__ import annotations

SCENARIO = "inc-073-proxy-of-the-job-before"
PATCHES = {
    "credentials/renewal.py": (
        '        return {"X509_USER_PROXY": str(directory / FILE)}\n',
        (
            '        self._credential._env["X509_USER_PROXY"] = str(directory / FILE)\n'
            '        return {"X509_USER_PROXY": str(directory / FILE)}\n'
        ),
    ),
    "work.py": (
        "        env = {**kit.env, **own, ",
        "        env = {**(kit.env.update(own), kit.env)[1], ",
    ),
}
EXPECTED = {"expect": "expected 2 job(s) to be finished"}
