"""Native code: what it takes to run any, and what the first wall sees of it."""

from __future__ import annotations

from tests.guest.hostile.ways import Group

GROUP = Group("libraries")
add = GROUP.add

add("ctypes.CDLL of a library", "RRRR", "import ctypes; ctypes.CDLL('libm.so.6')")
add("ctypes.CDLL(None).system", "RRRR", "ctypes.CDLL(None).system(D['line'].encode())")
add("ctypes.cdll.LoadLibrary", "RRRR", "ctypes.cdll.LoadLibrary('libm.so.6')")
add("ctypes.util.find_library", "IIII", "import ctypes.util; ctypes.util.find_library('c')")
add("ctypes.pythonapi", "RRRR", "ctypes.pythonapi['system']")
add("_ctypes.dlopen", "RRRR", "import _ctypes; _ctypes.dlopen('libm.so.6', 0)")
add("_ctypes.dlsym", "RRRR", "import _ctypes; _ctypes.dlsym(ctypes.pythonapi._handle, 'system')")
add("_ctypes.call_function", "RRRR", "import _ctypes; _ctypes.call_function(1, ())")
add("_ctypes.PyObj_FromPtr", "RRRR", "import _ctypes; _ctypes.PyObj_FromPtr(id(D))")
add("ctypes: memory by address", "RRRR", "(ctypes.c_char * 8).from_address(id(D))")
add(
    "ctypes: a function by address",
    "RRCN",
    """
kill = ctypes.CFUNCTYPE(*[ctypes.c_int] * 3)(address_of(b"kill"))
kill(D["session"], 9)
""",
)
add(
    "an extension module in the root",
    "RRRR",
    "import shutil, math, sys\nopen('planted.so', 'wb').write(b'\\x7fELF')\nimport planted",
)
add(
    "the same, by its loader",
    "RRRR",
    """
from importlib.machinery import ExtensionFileLoader, ModuleSpec
import _imp
open("planted.so", "wb").write(b"\\x7fELF")
_imp.create_dynamic(ModuleSpec("planted", None, origin=os.getcwd() + "/planted.so"))
""",
)
