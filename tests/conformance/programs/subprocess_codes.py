"""Commands end with their codes."""

import os
import subprocess

print(
    subprocess.call(["true"]),
    subprocess.call(["false"]),
    subprocess.run("true", shell=True).returncode,
)
try:
    subprocess.run(["false"], check=True)
except subprocess.CalledProcessError as error:
    print(error)
print(os.system("true"), os.waitstatus_to_exitcode(os.system("false")))
try:
    subprocess.run(["no-such-command"])
except FileNotFoundError as error:
    print(error.filename)
