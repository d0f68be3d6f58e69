"""Which mutations are done together: on different objects, and so that each can be told from the others."""

from core import CELLS
from world import LISTS

MOST = 5


def touched(mutation, one):
    return {one, *mutation.also(one)}


def drawn(rng, share):
    """Every mutation, or one of each attribute and this share of the others; in a random order."""
    chosen = []
    for mutations in CELLS.values():
        first = rng.choice(mutations)
        chosen += [one for one in mutations if one is first or rng.random() < share]
    rng.shuffle(chosen)
    return chosen


def batches(rng, world, share):
    """Random subsets of one to five, with the object of each mutation."""
    everything = {kind: sorted(world.ids(kind)) for kind in LISTS}
    left = [(mutation, rng.choice(mutation.of(everything[mutation.kind]))) for mutation in drawn(rng, share)]
    while left:
        size, batch, busy, rest = rng.randint(2, MOST), [], set(), []
        for mutation, one in left:
            here = touched(mutation, one)
            full = len(batch) == size or (batch and (mutation.alone or batch[0][0].alone))
            if full or here & busy:
                rest.append((mutation, one))
            else:
                batch.append((mutation, one))
                busy |= here
        yield batch
        left = rest
