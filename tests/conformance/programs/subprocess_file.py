"""Output goes to a file that is given."""

import subprocess

with open("out", "w") as out:
    subprocess.run(["echo", "to a file"], stdout=out)
print(open("out").read(), subprocess.run(["echo", "x"], stdout=subprocess.DEVNULL).stdout)
