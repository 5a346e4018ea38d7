"""Much input goes through cat while a thread reads what comes back."""

import subprocess
import threading

child = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
got = []
reader = threading.Thread(target=lambda: got.append(child.stdout.read()))
reader.start()
for number in range(100):
    child.stdin.write(b"%07d\n" % number * 500)
    child.stdin.flush()
child.stdin.close()
reader.join()
print(len(got[0]), got[0][-8:], child.wait())
