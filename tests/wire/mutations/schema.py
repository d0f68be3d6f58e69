"""What there is to change: the kinds and attributes of `docs/attributes.md`, which the product writes and a test of it compares."""

import re
from dataclasses import dataclass

from product import ROOT

# The product never reads back what it only writes, and never compares what it only reads.
WRITTEN_ONLY, READ_ONLY, FORBIDDEN = "create only", "read only", "forbidden"


@dataclass(frozen=True)
class Attribute:
    kind: str
    name: str
    how: str

    @property
    def compared(self):
        return self.how not in (WRITTEN_ONLY, READ_ONLY)

    @property
    def appliable(self):
        return self.how not in (WRITTEN_ONLY, READ_ONLY, FORBIDDEN)


def attributes():
    """Every attribute of every kind that a file declares. Kinds that are read only have no column "how"."""
    found = {}
    for section in re.split(r"^## ", (ROOT / "docs/attributes.md").read_text(), flags=re.MULTILINE)[1:]:
        kind = section.split(":")[0]
        if "\n| attribute | AWS | how |" in section:
            for name, how in re.findall(r"^\| \[`(\w+)`\]\([^)]*\) \| [^|]* \| ([^|]+?) \|", section, re.MULTILINE):
                found[kind, name] = Attribute(kind, name, how)
    return found
