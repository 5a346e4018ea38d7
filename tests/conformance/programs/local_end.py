"""What a thread kept in a local is gone when the thread has been joined."""

import threading


class Thing:
    def __del__(self):
        print("gone", flush=True)


data = threading.local()


def work():
    data.thing = Thing()
    print("kept", flush=True)


thread = threading.Thread(target=work)
thread.start()
thread.join()
print("joined", flush=True)
