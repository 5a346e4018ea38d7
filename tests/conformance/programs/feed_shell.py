"""A shell that is given commands keeps its variables, and ends with the code of exit."""

import subprocess

shell = subprocess.Popen(
    ["sh"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
)
for line in ("kept=7", "echo $kept", "if true; then", "  echo deep", "fi", "echo $((kept + 1))"):
    print(line, file=shell.stdin)
print([shell.stdout.readline().strip() for _ in range(3)])
shell.stdin.write("exit 5\n")
shell.stdin.flush()
print(shell.wait())
shell = subprocess.Popen(["sh"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
print(shell.communicate("echo at once; exit 3\n"), shell.returncode)
