"""The program's own life, from ``__main__`` to the end of the interpreter, as CPython leads it.

An uncaught exception goes to ``sys.excepthook``; threads that are no daemons are waited for, exit
functions run, what the main module held is let go. Not modelled: the clearing of other modules.
Read from CPython 3.11: Modules/main.c (pymain_run_python), Python/pythonrun.c
(handle_system_exit, _PyErr_PrintEx), Python/pylifecycle.c (Py_FinalizeEx).
"""

from __future__ import annotations

import atexit
import builtins
import io
import runpy
import signal
import sys
import threading
import types
from importlib.machinery import SourceFileLoader
from os import path as paths

OURS = __file__.rpartition("/")[0] + "/"
FLUSH_FAILED = 120


def live(config, threads):
    """Run the program that *config* describes to its end; return its exit code and signal."""
    code, number = _run(config)
    threads.closed = True
    _shut_down()
    return (code if _flush() else code or FLUSH_FAILED) & 0xFF, number


def _run(config):
    sys.argv[:] = config["argv"]
    sys.path[:0] = config["paths"]
    main = types.ModuleType("__main__")
    main.__builtins__ = builtins
    sys.modules["__main__"] = main
    _install_site()
    try:
        if config.get("module"):
            runpy._run_module_as_main(config["module"])
        elif paths.isfile(config["argv"][0]):
            _run_script(config["argv"][0], main)
        else:
            runpy.run_path(config["argv"][0], run_name="__main__")
    except BaseException as error:
        return outcome(error)
    return 0, 0


def _run_script(path, main):
    main.__file__, main.__cached__ = path, None
    main.__loader__ = SourceFileLoader("__main__", path)
    main.__annotations__ = {}
    with io.open_code(path) as source:
        code = compile(source.read(), path, "exec", dont_inherit=True)
    exec(code, main.__dict__)


def _install_site():
    """Add what ``site`` gives to programs, without its search for packages."""
    import site

    site.setquit()
    site.setcopyright()
    site.sethelper()


def outcome(error):
    """Report *error*, which nobody caught; return the exit code and signal that it ends with."""
    if isinstance(error, SystemExit):
        return exit_code(error.code), 0
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename.startswith(OURS):
        trace = trace.tb_next
    error.__traceback__ = trace
    sys.last_type, sys.last_value, sys.last_traceback = type(error), error, trace
    try:
        sys.excepthook(type(error), error, trace)
    except SystemExit as leaving:
        return exit_code(leaving.code), 0
    except Exception as another:
        print("Error in sys.excepthook:", file=sys.stderr)
        sys.__excepthook__(type(another), another, another.__traceback__.tb_next)
        print("\nOriginal exception was:", file=sys.stderr)
        sys.__excepthook__(type(error), error, trace)
    return (0, int(signal.SIGINT)) if isinstance(error, KeyboardInterrupt) else (1, 0)


def exit_code(code):
    """Return the exit code that SystemExit(*code*) means; anything but a number is printed."""
    if code is None:
        return 0
    if isinstance(code, int):
        return code
    print(code, file=sys.stderr)
    return 1


def _shut_down():
    for step in (threading._shutdown, atexit._run_exitfuncs, _flush, _let_go):
        try:
            step()
        except BaseException as error:
            sys.__excepthook__(type(error), error, error.__traceback__)


def _let_go():
    """Drop what the main module holds, so that it is finalised."""
    main = sys.modules.get("__main__")
    kept = vars(main) if main is not None else {}
    for name in [name for name in kept if name != "__builtins__"]:
        if not isinstance(kept.get(name), (types.ModuleType, types.FunctionType, type)):
            kept[name] = None


def _flush():
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, OSError, ValueError):
            if stream is sys.stdout and not getattr(stream, "closed", True):
                return False
    return True
