"""The kernel's lock on a process that opens untrusted files: Landlock (what it may open), seccomp
(what it may ask).

The audit hook of `sources.children.confined` holds Python code alone; this holds native code as
well. After `lock_process` the process can read files below the folders it was given and nothing
else, write to what it has open already, and end: no file opened for writing, no network, no other
process started, looked into or signalled. Nothing takes the lock back.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same numbers on every architecture
_READ_FILE, _READ_DIR, _PATH_BENEATH = 1 << 2, 1 << 3, 1
# how many rights over files a version of Landlock knows
_FILE_RIGHTS = {
    1: 13,
    2: 14,
    3: 15,
    5: 16,
}
_NO_NEW_PRIVS, _SET_SECCOMP, _GET_SECCOMP, _FILTER = 38, 22, 21, 2

# Number by architecture. What an interpreter needs that reads files, computes and answers on what
# it has open.
_ALLOWED = {
    "read": (0, 63),
    "write": (1, 64),
    "close": (3, 57),
    "stat": (4, None),
    "fstat": (5, 80),
    "lstat": (6, None),
    "poll": (7, None),
    "lseek": (8, 62),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "munmap": (11, 215),
    "brk": (12, 214),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "pread64": (17, 67),
    "readv": (19, 65),
    "writev": (20, 66),
    "access": (21, None),
    "sched_yield": (24, 124),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "dup": (32, 23),
    "dup2": (33, None),
    "nanosleep": (35, 101),
    "alarm": (37, None),
    "setitimer": (38, 103),
    "getpid": (39, 172),
    "recvfrom": (45, 207),
    "recvmsg": (47, 212),
    "exit": (60, 93),
    "uname": (63, 160),
    "getcwd": (79, 17),
    "readlink": (89, None),
    "gettimeofday": (96, 169),
    "getrlimit": (97, 163),
    "getrusage": (98, 165),
    "sysinfo": (99, 179),
    "times": (100, 153),
    "getuid": (102, 174),
    "getgid": (104, 176),
    "geteuid": (107, 175),
    "getegid": (108, 177),
    "getppid": (110, 173),
    "sigaltstack": (131, 132),
    "gettid": (186, 178),
    "futex": (202, 98),
    "sched_getaffinity": (204, 123),
    "getdents64": (217, 61),
    "restart_syscall": (219, 128),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115),
    "exit_group": (231, 94),
    "newfstatat": (262, 79),
    "readlinkat": (267, 78),
    "faccessat": (269, 48),
    "ppoll": (271, 73),
    "set_robust_list": (273, 99),
    "dup3": (292, 24),
    "getrandom": (318, 278),
    "membarrier": (324, 283),
    "statx": (332, 291),
    "rseq": (334, 293),
    "faccessat2": (439, 439),
}
_OWN = -1  # stands for the number of this process
_LIMITED = (  # numbers, which argument, what it may be: signals and limits of its own, no signal tied to a file
    ((234, 131), 0, (_OWN,)),  # tgkill
    ((302, 261), 0, (0, _OWN)),  # prlimit64
    ((72, 25), 1, (0, 1, 2, 3, 1030)),  # fcntl: copies of a file, its flags
)
_OPENING = (((2, None), 1), ((257, 56), 2))  # open, openat: numbers, which argument says how
_TO_WRITE = os.O_ACCMODE | os.O_CREAT | os.O_TRUNC


@dataclass(frozen=True, slots=True)
class _Machine:
    """An architecture that the filter knows: its place in the tables above, and its mark in the
    kernel's."""

    column: int
    audit: int


_MACHINES = {"x86_64": _Machine(0, 0xC000003E), "aarch64": _Machine(1, 0xC00000B7)}


@dataclass(frozen=True, slots=True)
class KernelLocks:
    """What this kernel offers: the version of Landlock (0: none), and whether seccomp filters
    system calls."""

    landlock: int
    seccomp: bool

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of what it lacks."""
        return (*(() if self.landlock else ("Landlock",)), *(() if self.seccomp else ("seccomp",)))


@cache
def kernel_locks() -> KernelLocks:
    """What the kernel below this process offers."""
    if sys.platform != "linux":
        return KernelLocks(0, False)
    libc = _libc()
    version = max(0, libc.syscall(_CREATE_RULESET, None, 0, 1))
    return KernelLocks(
        version, platform.machine() in _MACHINES and libc.prctl(_GET_SECCOMP, 0, 0, 0, 0) >= 0
    )


def lock_process(readable: Iterable[Path]) -> KernelLocks:
    """Locks this process for good; files below `readable` alone can be opened, to read. What the
    kernel offered."""
    locks, libc = kernel_locks(), _libc()
    if not locks.landlock and not locks.seccomp:
        return locks
    _must(libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl")
    if locks.landlock:
        _restrict_files(libc, locks.landlock, readable)
    if locks.seccomp:
        _filter_calls(libc, _MACHINES[platform.machine()])
    return locks


def libraries() -> list[Path]:
    """The folders of Python's and the system's libraries, and of our own code that reads."""
    own = [
        Path(sysconfig.get_paths()[name]) for name in ("stdlib", "platstdlib", "purelib", "platlib")
    ]
    installed = [
        Path(entry) for entry in sys.path if Path(entry).name in ("site-packages", "dist-packages")
    ]
    system = [
        Path(name) for name in ("/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/share/zoneinfo")
    ]
    return [
        path
        for path in dict.fromkeys((*own, *installed, *system, Path(__file__).parents[1]))
        if path.is_dir()
    ]


def _restrict_files(libc: ctypes.CDLL, version: int, readable: Iterable[Path]) -> None:
    known = _FILE_RIGHTS[max(v for v in _FILE_RIGHTS if v <= version)]
    rights = struct.pack(
        "QQQ", (1 << known) - 1, 0b11 if version >= 4 else 0, 0b11 if version >= 6 else 0
    )
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = _must(libc.syscall(_CREATE_RULESET, rights, size, 0), "landlock_create_ruleset")
    for path in readable:
        folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
        rule = struct.pack("=Qi", _READ_FILE | _READ_DIR, folder)
        _must(libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, rule, 0), "landlock_add_rule")
        os.close(folder)
    _must(libc.syscall(_RESTRICT_SELF, ruleset, 0), "landlock_restrict_self")
    os.close(ruleset)


def _filter_calls(libc: ctypes.CDLL, machine: _Machine) -> None:
    program = b"".join(_program(machine, os.getpid()))
    code = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("HxxxxxxQ", len(program) // 8, ctypes.addressof(code))
    _must(libc.prctl(_SET_SECCOMP, _FILTER, header, 0, 0), "prctl(PR_SET_SECCOMP)")


def _program(machine: _Machine, pid: int) -> Iterator[bytes]:
    """The filter: each call that is allowed is compared in turn and let through, all others fail
    with EPERM."""
    # BPF_LD|W|ABS, BPF_JMP|JEQ|K, BPF_ALU|AND|K, BPF_RET|K
    load, equal, both, done = (
        0x20,
        0x15,
        0x54,
        0x06,
    )
    allow, refuse, kill = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x80000000

    def step(code: int, value: int, if_so: int = 0, if_not: int = 0) -> bytes:
        return struct.pack("HBBI", code, if_so, if_not, value)

    yield from (step(load, 4), step(equal, machine.audit, 1, 0), step(done, kill), step(load, 0))
    for numbers in _ALLOWED.values():
        if (number := numbers[machine.column]) is not None:
            yield from (step(equal, number, 0, 1), step(done, allow))
    for numbers, argument, permitted in _LIMITED:
        last = len(permitted)
        tests = [
            step(equal, pid if one == _OWN else one, last - n, 0 if n < last else 1)
            for n, one in enumerate(permitted, start=1)
        ]
        yield from (
            step(equal, numbers[machine.column], 0, last + 3),
            step(load, 16 + 8 * argument),
            *tests,
            step(done, allow),
            step(load, 0),
        )
    for numbers, argument in _OPENING:
        if (number := numbers[machine.column]) is not None:
            yield from (
                step(equal, number, 0, 5),
                step(load, 16 + 8 * argument),
                step(both, _TO_WRITE),
                step(equal, 0, 0, 1),
                step(done, allow),
                step(done, refuse),
            )
    yield step(done, refuse)


def _must(result: int, call: str) -> int:
    if result < 0:
        raise OSError(ctypes.get_errno(), f"{call}: {os.strerror(ctypes.get_errno())}")
    return result


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
