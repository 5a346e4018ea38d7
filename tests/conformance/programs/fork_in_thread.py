"""A thread that forks is the main thread of the child, which ends with it."""

import os
import threading

reader, writer = os.pipe()


def work():
    child = os.fork()
    if child == 0:
        me = threading.current_thread()
        text = f"{threading.main_thread() is me} {threading.active_count()}"
        os.write(writer, text.encode())
        return
    print(os.waitpid(child, 0)[1], os.read(reader, 100).decode())


thread = threading.Thread(target=work)
thread.start()
thread.join()
print("end")
