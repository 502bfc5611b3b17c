# SPDX-License-Identifier: Apache-2.0
"""Puts files into the page cache or out of it, and checks that they are.

Warm means read to the end just now and seen resident; cold means dropped and seen absent. Both
are done before every single measurement, the same for every program. Residency is asked of
mincore(2), which tells the truth only to the owner of the file, to who may write it and to root.
"""

import ctypes
import mmap
import os
from pathlib import Path

from process import BenchError

DROP_CACHES = Path("/proc/sys/vm/drop_caches")
READ_BYTES = 1 << 20
STRIPE_BYTES = 16 << 20
HOT = 0.999
COLD = 0.001
PAGE = mmap.PAGESIZE

libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t] + [ctypes.c_int] * 3 + [ctypes.c_long]
libc.mincore.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p]
libc.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]


def resident_bytes(file):
    """Bytes of the file in the page cache, or None where the kernel would not say."""
    fd = os.open(file, os.O_RDONLY)
    try:
        return resident_bytes_of(fd, file)
    finally:
        os.close(fd)


def resident_bytes_of(fd, file):
    pages = residency_of(fd, file)
    return None if pages is None else min(pages.count(b"\x01") * PAGE, os.fstat(fd).st_size)


def residency_of(fd, file):
    """A byte a page, 1 if it is resident; None where the kernel would not say."""
    facts = os.fstat(fd)
    if os.geteuid() not in (0, facts.st_uid) and not os.access(file, os.W_OK):
        return None
    if facts.st_size == 0:
        return b""
    address = libc.mmap(None, facts.st_size, mmap.PROT_READ, mmap.MAP_SHARED, fd, 0)
    if address == ctypes.c_void_p(-1).value:
        raise OSError(ctypes.get_errno(), f"mmap {file}")
    pages = ctypes.create_string_buffer(-(-facts.st_size // PAGE))
    try:
        if libc.mincore(address, facts.st_size, pages):
            raise OSError(ctypes.get_errno(), f"mincore {file}")
    finally:
        libc.munmap(address, facts.st_size)
    return pages.raw


def measure(files):
    """(bytes resident or None, bytes in all) of the files."""
    resident = [resident_bytes(file) for file in files]
    size = sum(os.stat(file).st_size for file in files)
    return (None if None in resident else sum(resident)), size


def warm(files):
    """Reads the files to their end until they are resident; hosts may reclaim idle cache."""
    buffer = bytearray(READ_BYTES)
    for _ in range(3):
        for file in files:
            with open(file, "rb", buffering=0) as source:
                while source.readinto(buffer):
                    pass
        resident, size = measure(files)
        if resident is None or resident >= HOT * size:
            return {"state": "warm", "resident_before_bytes": resident}
    raise BenchError(f"cannot keep {size} bytes resident, only {resident} are: too little memory?")


def cold(files, everything):
    """Drops the files, or with `everything` all clean cache of the machine, after a sync."""
    os.sync()
    if everything:
        DROP_CACHES.write_text("3\n")
    evict(files)
    resident, size = measure(files)
    if resident is not None and resident > COLD * size:
        raise BenchError(f"cannot make {size} bytes cold, {resident} are still resident")
    return {"state": "cold", "resident_before_bytes": resident}


def striped(files):
    """Makes every other 16 MiB of cold files hot, and nothing beside them."""
    for file in files:
        fd = os.open(file, os.O_RDONLY)
        try:
            os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_RANDOM)  # no readahead over the edge
            for begin in range(0, os.fstat(fd).st_size, 2 * STRIPE_BYTES):
                for offset in range(begin, begin + STRIPE_BYTES, READ_BYTES):
                    os.pread(fd, READ_BYTES, offset)
        finally:
            os.close(fd)
    resident, size = measure(files)
    hot = resident_stripes(files)
    if resident is not None and not 0.4 * size < resident < hot + COLD * size + PAGE:
        raise BenchError(f"stripes of {size} bytes were to be hot, {resident} bytes are")
    return {"state": "half hot", "resident_before_bytes": resident, "hot_before_bytes": hot}


def resident_stripes(files):
    """Bytes of the stripes that `striped` makes hot which are resident; None if nobody knows."""
    count, step = 0, STRIPE_BYTES // PAGE
    for file in files:
        fd = os.open(file, os.O_RDONLY)
        try:
            pages = residency_of(fd, file)
        finally:
            os.close(fd)
        if pages is None:
            return None
        for begin in range(0, len(pages), 2 * step):
            count += pages.count(b"\x01", begin, begin + step)
    return count * PAGE


def evict(files):
    for file in files:
        fd = os.open(file, os.O_RDONLY)
        try:
            os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(fd)
