"""Context variables set in a thread are not seen elsewhere; a copied context carries them over."""

import contextvars
import threading

var = contextvars.ContextVar("var", default="default")
var.set("main")
log = []


def work(value):
    log.append(var.get())
    var.set(value)
    log.append(var.get())


thread = threading.Thread(target=work, args=("thread",))
thread.start()
thread.join()
context = contextvars.copy_context()
thread = threading.Thread(target=context.run, args=(work, "copied"))
thread.start()
thread.join()
print(log, var.get(), context[var])
