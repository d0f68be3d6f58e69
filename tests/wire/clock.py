"""One clock, which the story moves, for the product (Debian's faketime) and for moto (`moto_server.py`).

Only the calendar is moved. What measures how long something takes, as timers do, goes on by itself.
"""

import contextlib
import datetime
import glob
import os
import pathlib
import time

LIBRARIES = ("/usr/lib/*/faketime/libfaketimeMT.so.1", "/usr/lib*/faketime/libfaketimeMT.so.1", "/usr/local/lib*/faketime/libfaketimeMT.so.1")


class Clock:
    def __init__(self, folder, begins):
        found = [path for pattern in LIBRARIES for path in glob.glob(pattern)]
        if not found:
            raise SystemExit("wire: libfaketimeMT.so.1 is nowhere; as root: apt-get install faketime")
        self.library, self.file = found[0], pathlib.Path(folder) / "clock"
        self.offset = round(begins.timestamp() - time.time())
        self.write()

    def write(self):
        aside = self.file.with_suffix(".part")
        aside.write_text(f"{self.offset:+d}")
        aside.rename(self.file)

    def advance(self, **how):
        self.offset += round(datetime.timedelta(**how).total_seconds())
        self.write()

    def now(self):
        return datetime.datetime.fromtimestamp(time.time() + self.offset, datetime.timezone.utc)

    def variables(self):
        """What puts a program under this clock."""
        return {
            "LD_PRELOAD": self.library,
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
        }

    @staticmethod
    def swept(pid):
        """libfaketime leaves this behind of a process that was ended by a signal, or became another program."""
        for name in (f"faketime_shm_{pid}", f"sem.faketime_sem_{pid}"):
            with contextlib.suppress(OSError):
                os.unlink(f"/dev/shm/{name}")
