"""The variables of a shell: exported and not, arrays, and what is local to a function.

A variable is one text, or an array: items by number, or by name if it was declared so. Not
modelled: the attributes of ``declare`` but -a, -A, -i, -r and -x; name references.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field

Items = dict[str, str]
# What a name was before a function made it local: exported text, plain text, items.
Saved = tuple[str | None, str | None, Items | None]


class ReadonlyError(Exception):
    """A variable that is readonly was assigned to; the text is what bash says of it."""


@dataclass(slots=True)
class Variables:
    """All variables of one shell; *env* is what its programs see."""

    env: dict[str, str]
    local: dict[str, str] = field(default_factory=dict)
    arrays: dict[str, Items] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)
    integers: set[str] = field(default_factory=set)
    readonly: set[str] = field(default_factory=set)
    scopes: list[dict[str, Saved]] = field(default_factory=list)

    def copy(self) -> Variables:
        """Return a copy for a subshell."""
        arrays = {name: dict(items) for name, items in self.arrays.items()}
        return Variables(
            dict(self.env),
            dict(self.local),
            arrays,
            set(self.named),
            set(self.integers),
            set(self.readonly),
            [dict(scope) for scope in self.scopes],
        )

    # -- texts

    def get(self, name: str) -> str | None:
        """Return the text of *name*, of an array that of item 0; None if it is not set."""
        if name in self.env:
            return self.env[name]
        if name in self.local:
            return self.local[name]
        items = self.arrays.get(name)
        return None if items is None else items.get("0")

    def set(self, name: str, value: str) -> None:
        """Set *name*; it stays exported if it was. Raises ReadonlyError."""
        self._check(name)
        if name in self.arrays:
            self.arrays[name]["0"] = value
        elif name in self.env:
            self.env[name] = value
        else:
            self.local[name] = value

    def export(self, name: str, value: str | None = None) -> None:
        """Export *name*, with a new *value* unless that is None. Raises ReadonlyError."""
        if value is not None:
            self._check(name)
        kept = self.local.pop(name, None)
        if value is not None:
            self.env[name] = value
        elif kept is not None:
            self.env[name] = kept

    def unexport(self, name: str) -> None:
        """Keep the value of *name* from programs."""
        if name in self.env:
            self.local[name] = self.env.pop(name)

    def unset(self, name: str) -> None:
        """Forget *name*. Raises ReadonlyError."""
        self._check(name)
        self.env.pop(name, None)
        self.local.pop(name, None)
        self.arrays.pop(name, None)
        self.named.discard(name)
        self.integers.discard(name)

    def is_set(self, name: str) -> bool:
        """Tell whether *name* has a value."""
        return name in self.env or name in self.local or name in self.arrays

    def names(self, prefix: str) -> list[str]:
        """Return the names that begin with *prefix*, sorted."""
        known = {*self.env, *self.local, *self.arrays}
        return sorted(name for name in known if name.startswith(prefix))

    def _check(self, name: str) -> None:
        if name in self.readonly:
            raise ReadonlyError(f"{name}: readonly variable")

    # -- arrays

    def items(self, name: str) -> Items:
        """Return the items of *name* by key, in their order; a text is an array of one."""
        found = self.arrays.get(name)
        if found is None:
            text = self.get(name)
            return {} if text is None else {"0": text}
        if name in self.named:
            return found
        return {key: found[key] for key in sorted(found, key=int)}

    def array(self, name: str, *, named: bool = False) -> Items:
        """Return the items of *name*, made an array if it is none. Raises ReadonlyError."""
        self._check(name)
        if name not in self.arrays:
            text = self.get(name)
            self.env.pop(name, None)
            self.local.pop(name, None)
            self.arrays[name] = {} if text is None else {"0": text}
        if named:
            self.named.add(name)
        return self.arrays[name]

    # -- functions

    def enter(self) -> None:
        """Begin a function: what it declares local is undone at its end."""
        self.scopes.append({})

    def leave(self) -> None:
        """End a function."""
        for name, (exported, plain, items) in self.scopes.pop().items():
            for table, kept in ((self.env, exported), (self.local, plain), (self.arrays, items)):
                table.pop(name, None)
                if kept is not None:
                    table[name] = kept  # type: ignore[assignment]

    def make_local(self, name: str) -> None:
        """Make *name* a new variable of the function under way."""
        scope = self.scopes[-1]
        if name in scope:
            return
        exported = self.env.pop(name, None)
        scope[name] = (exported, self.local.pop(name, None), self.arrays.pop(name, None))
