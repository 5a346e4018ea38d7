"""Output is captured as bytes or text."""

import subprocess

print(subprocess.check_output(["echo", "hello"]), subprocess.getoutput("echo hi"))
done = subprocess.run(["echo", "a", "b"], capture_output=True, text=True)
print(repr(done.stdout), repr(done.stderr), done.returncode, done.args)
