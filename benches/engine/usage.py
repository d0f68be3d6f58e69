"""Runs a command and prints its processor seconds (user and system), its peak memory in bytes, and its exit code.

usage.py LOG COMMAND… : what the command writes goes to LOG. The kernel counts a new process's peak from before its program
begins, so it is started from this small process and not from the benchmark.
"""

import os
import sys

log = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
actions = [(os.POSIX_SPAWN_DUP2, log, 1), (os.POSIX_SPAWN_DUP2, log, 2)]
child = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ, file_actions=actions)
_, status, usage = os.wait4(child, 0)
print(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, os.waitstatus_to_exitcode(status))
