"""Games with the interpreter: taking the first wall down from inside, or slipping below it."""

from __future__ import annotations

from tests.guest.hostile.ways import Group

GROUP = Group("interpreter")
add = GROUP.add

FRESH = "del sys.modules['posix']\nimport posix\n"
DISARM = "sys.modules['guest.fence.events'].LOOKS.clear()\n"
add("emptying the table of the hook", "RRCN", DISARM + "posix.kill(D['session'], 9)")
add(
    "the same, and the handler of SIGSYS",
    "CCCN",
    DISARM + "import _signal\n_signal.signal(31, lambda *given: None)\nposix.kill(D['session'], 9)",
)
add(
    "ignoring SIGSYS",
    "RRCN",
    "import _signal\n_signal.signal(31, _signal.SIG_IGN)\nnative('kill', D['session'], 9)",
)
add(
    "silencing the fence, found by a guard",
    "CCCN",
    """
fence = posix.open._look.__self__._fence
type(fence).refuse = lambda *given: None
posix.kill(D["session"], 9)
""",
)
add(
    "a fresh posix",
    "RRCN",
    FRESH + "posix.setpriority(0, D['session'], 7)",
)
add("a fresh posix, and kill", "RRRR", FRESH + "posix.kill(D['session'], 9)")
add(
    "a fresh posix by _imp",
    "RRCN",
    "import _imp\nfrom importlib.machinery import ModuleSpec\n"
    "posix = _imp.create_builtin.real(ModuleSpec('posix', None))\n_imp.exec_builtin(posix)\n"
    "posix.setpriority(0, D['session'], 7)",
)
add(
    "importlib.reload(os)",
    "RRRR",
    "import importlib\nimportlib.reload(os)\nos.kill(D['session'], 9)",
)
CLOCK = "if abs(time.time() - D['now']) < 1e6: out('the real clock')"
add("importlib.reload(time)", "CCCC", "import importlib, time; importlib.reload(time)\n" + CLOCK)
add("a fresh time", "NNNN", "del sys.modules['time']\nimport time\n" + CLOCK)
add(
    "the real clock by number",
    "NNNN",
    "now = (ctypes.c_int64 * 2)()\nnative('clock_gettime', 0, ctypes.byref(now))\n"
    "if abs(now[0] - D['now']) < 1e6: out('the real clock')",
)
SUB = """
try: import _xxsubinterpreters as interpreters
except ImportError: import _interpreters as interpreters
"""
add(
    "a subinterpreter",
    "RRRR",
    SUB + "each = interpreters.create()\n"
    "interpreters.run_string(each, f'import posix; posix.kill({D[\"session\"]}, 9)')",
)
add(
    "a subinterpreter's module, by _imp",
    "RRRR",
    """
import _imp
from importlib.machinery import ModuleSpec
name = "_interpreters" if sys.version_info >= (3, 13) else "_xxsubinterpreters"
module = _imp.create_builtin(ModuleSpec(name, None))
""",
)
add(
    "a real thread",
    "CCCC",
    "del sys.modules['_thread']\nimport _thread\n"
    "_thread.start_new_thread(posix.getpid, ())\nsettle()",
)
add("posix._exit", "CCCC", "posix._exit(0)")
add("crashing", "CCCC", "import faulthandler; faulthandler._sigsegv()")
add(
    "an exception for the hub",
    "CCCC",
    "import greenlet\ngreenlet.getcurrent().parent.throw(KeyError)",
)
add("an audit hook of its own", "CCCC", "sys.addaudithook(lambda *given: None); native('getpid')")
add("the frames of the runtime", "RRRR", """
import gc
found = [each for each in gc.get_objects() if getattr(each, "__name__", "") == "kill"]
for each in [posix.kill, *found]:
    try: each(D["session"], 9)
    except Exception: pass
""")  # fmt: skip
add(
    "the real host name",
    "CNCN",
    FRESH + "assert posix.uname().nodename == D['hostname']; out('a name')",
)
