"""Directory entries tell kind, path and size."""

import os

os.mkdir("d")
with open("d/f", "w") as out:
    out.write("abc")
os.mkdir("d/e")
os.symlink("f", "d/link")
with os.scandir("d") as entries:
    found = sorted(entries, key=lambda each: each.name)
for each in found:
    print(
        each.name,
        each.path,
        each.is_file(),
        each.is_dir(),
        each.is_symlink(),
        os.fspath(each),
        repr(each),
    )
print(
    found[1].stat().st_size,
    found[1].inode() == os.stat("d/f").st_ino,
    isinstance(found[0], os.DirEntry),
)
print(sorted(os.listdir("d")), [(sorted(b), sorted(c)) for _, b, c in os.walk("d")])
