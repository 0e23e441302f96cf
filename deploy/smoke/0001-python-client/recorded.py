"""Notes which methods of a client were called, so that a walk can show that it left none out."""

import asyncio
import functools
import inspect


def public_methods(thing):
    """Names of what a programme may call: public, callable, and no mere setting."""
    names = [name for name in dir(type(thing)) if not name.startswith("_")]
    return {name for name in names if callable(getattr(type(thing), name))}


class Recorded:
    """A client of either kind, sync or async, whose methods are awaited and noted."""

    def __init__(self, client):
        self.client = client
        self.called = set()

    def __getattr__(self, name):
        attribute = getattr(self.client, name)
        if not callable(attribute):
            return attribute

        async def call(*arguments, **named):
            self.called.add(name)
            answer = attribute(*arguments, **named)
            return await answer if inspect.isawaitable(answer) else answer

        return call

    def check_all_called(self, exceptions):
        """Fails for a method that is neither called nor excepted, so also for one that a new version brings."""
        offered = public_methods(self.client)
        missing = offered - self.called - set(exceptions)
        assert not missing, f"{type(self.client).__name__}: never called: {sorted(missing)}"
        stale = set(exceptions) - offered | set(exceptions) & self.called
        assert not stale, f"{type(self.client).__name__}: no exceptions any more: {sorted(stale)}"
        return len(offered)


class RecordedGroups:
    """The generated REST interface below a client, group by group; its calls by the client itself count too."""

    def __init__(self, apis):
        self.groups = {name: group for name, group in vars(apis).items() if name.endswith("_api")}
        self.called = set()
        for name, group in self.groups.items():
            for method in public_methods(group):
                setattr(group, method, self._noting(f"{name}.{method}", getattr(group, method)))

    def _noting(self, name, method):
        @functools.wraps(method)
        def call(*arguments, **named):
            self.called.add(name)
            return method(*arguments, **named)

        return call

    async def call(self, name, *arguments, **named):
        group, method = name.split(".")
        answer = getattr(self.groups[group], method)(*arguments, **named)
        return await answer if inspect.isawaitable(answer) else answer

    def check_all_called(self):
        offered = {f"{name}.{method}" for name, group in self.groups.items() for method in public_methods(group)}
        missing = offered - self.called
        assert not missing, f"REST interface: never called: {sorted(missing)}"
        return len(offered)


async def refused(call, *expected):
    """Awaits a call that must be refused; the refusal has to contain every expected text."""
    try:
        answer = await call
    except Exception as refusal:  # pylint: disable=broad-except # Each transport has its own class.
        text = f"{refusal!r} {refusal}"
        missing = [part for part in expected if part not in text]
        assert not missing, f"refused without {missing}: {text}"
        return
    raise AssertionError(f"not refused with {expected}, answered {answer!r}")


async def eventually(condition, what):
    """What a client sends without waiting is there a little later."""
    for _ in range(200):
        if await condition():
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"never: {what}")
