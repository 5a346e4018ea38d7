"""INC-105 all inputs are named in one command

pilot1 before 67.5 (de9f0c6, 2017-01-25): ``ls -l`` with the path of every input, by way of a
shell: OSError: [Errno 7] Argument list too long.
"""

from __future__ import annotations

SCENARIO = "inc-105-thousands-of-inputs"
PATCHES = {
    "work.py": (
        "        ).run(job, orders=self._orders)\n",
        (
            "        ).run(job, orders=self._orders)\n"
            '        names = " ".join(str(self._directory / each.lfn) for each in self._job.inputs)\n'
            "        from pilotcore.platform import Command\n"
            "\n"
            '        line = ("/bin/bash", "-c", f"ls -l {names}")\n'
            "        kit.platform.start(Command(line), wake=kit.platform.flag())\n"
        ),
    ),
}
EXPECTED = {"expect": "Argument list too long"}
ALWAYS = "it is the job that is unusual, nothing goes wrong"
