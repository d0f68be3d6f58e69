"""One mutation: what it is of, how it is done, what it must be called, and how it is taken back."""

import functools
import inspect
from dataclasses import dataclass, field
from typing import Callable

# (kind, attribute) to the mutations of it, in the order of the files.
CELLS = {}
# (kind, attribute) to why there is none.
REASONS = {}


@dataclass
class Done:
    """A mutation that was done. `drift` is an id with exactly the paths that must be named."""

    words: str
    drift: dict
    undo: Callable
    # What `promised.py` must know of the values to say which verdicts move.
    facts: dict = field(default_factory=dict)
    # What an apply that mended it leaves beside; taken away by hand.
    left: Callable = lambda: None
    # A resource that drift calls missing, because the tags that are left do not say which it is.
    missing: tuple = ()
    # What carries the tags of a resource and is not it: id to what AWS calls it.
    copies: dict = field(default_factory=dict)
    # What drift says of resources that are accepted as they are: id to paths.
    managed: dict = field(default_factory=dict)
    # Whether `apply` can mend it.
    appliable: bool = True


@dataclass(frozen=True)
class Mutation:
    kind: str
    attribute: str
    label: str
    act: Callable
    objects: Callable
    also: Callable
    by_hand: bool
    alone: bool

    def of(self, ids):
        return [one for one in ids if self.objects(one)]


def mutates(kind, attribute, label="changed", objects=lambda _: True, also=lambda _: (), by_hand=False, alone=False):
    """`also` are other things that it touches, so nothing else may touch them at the same time; `alone` touches too much for any other.
    `by_hand` is what no apply mends."""

    def register(act):
        # One function may do several mutations, which their labels or attributes tell apart.
        given = {name: value for name, value in (("label", label), ("attribute", attribute)) if name in inspect.signature(act).parameters}
        made = Mutation(kind, attribute, label, functools.partial(act, **given), objects, also, by_hand, alone)
        CELLS.setdefault((kind, attribute), []).append(made)
        return act

    return register


def because(kind, attribute, reason):
    REASONS[kind, attribute] = reason


def gaps(attributes):
    """What the tables lack or have too much of; nothing when every attribute has either mutations or a reason."""
    wrong = [f"{kind}.{name} has neither a mutation nor a reason" for kind, name in attributes if (kind, name) not in CELLS and (kind, name) not in REASONS]
    wrong += [f"{kind}.{name} has a reason and a mutation" for kind, name in REASONS if (kind, name) in CELLS]
    wrong += [f"{kind}.{name} is no attribute" for kind, name in (*CELLS, *REASONS) if (kind, name) not in attributes]
    return wrong
