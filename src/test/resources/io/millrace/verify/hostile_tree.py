# SPDX-License-Identifier: Apache-2.0
"""hostile_tree.py SEED DIRECTORY: a tree with hostile names, manifests of it by the usual tools, changes, and what those tools
say then.

Leaves in DIRECTORY: sha256, sha256.tag, sha256.zero, md5, hashdeep (manifests with absolute names) and sha256.said, md5.said
(what `sum --check` printed) and hashdeep.said (pairs of NAME NUL ok|bad NUL, without names that hashdeep itself cannot check).
"""

import os
import random
import subprocess
import sys

PARTS = [b"a", b"B", b" ", b"\n", b"\\", b"\\n", b"\r", b"*", b"-", b"(", b") = ", b",", b"#", b"%", b"\xff", b"\xc3(",
         "é".encode(), "水".encode(), b"\t", b"\x1b[31m", b"'", b'"', b"$x", b"..", b"=", b"\x7f"]


def name(chance):
    if chance.random() < 0.05:
        return bytes(chance.choice(b"xyz\n\\ \xfe") for _ in range(255))
    made = b"".join(chance.choice(PARTS) for _ in range(chance.randint(1, 6)))
    return made if made not in (b".", b"..", b"-") else b"dots"


def write(path, chance, number, size):
    with open(path, "wb") as out:
        if size:
            out.write(b"%d " % number + chance.randbytes(size))


def grow(top, chance):
    directories, files = [top], []
    for number in range(28):
        path = chance.choice(directories) + b"/" + name(chance)
        if os.path.lexists(path):
            continue
        if chance.random() < 0.15:
            os.mkdir(path)
            directories.append(path)
            continue
        write(path, chance, number, chance.choice([1, 100, 4096, 70_000, 200_000]))
        files.append(path)
    empty, sparse, link = top + b"/empty", top + b"/sparse", top + b"/link"
    write(empty, chance, 0, 0)
    with open(sparse, "wb") as out:
        out.seek(3 << 20)
        out.write(b"end")
    write(top + b".outside", chance, 1000, 50)
    os.symlink(top + b".outside", link)
    return files + [empty, sparse, link]


def change(path, chance):
    """Afterwards no two files have the same content."""
    how = chance.choice(["none", "none", "none", "flip", "truncate", "append", "remove", "directory", "loop", "dangling", "touch"])
    size = os.path.getsize(path)
    if how == "flip" and size:
        with open(path, "r+b") as out:
            at = chance.randrange(size)
            out.seek(at)
            byte = out.read(1)[0]
            out.seek(at)
            out.write(bytes([byte ^ 1 << chance.randrange(8)]))
    elif how == "truncate" and size > 50:
        os.truncate(path, size // 2 + 1)
    elif how == "append":
        with open(path, "ab") as out:
            out.write(chance.randbytes(9))
    elif how in ("remove", "directory", "loop", "dangling"):
        os.unlink(path)
        if how == "directory":
            os.mkdir(path)
        elif how != "remove":
            os.symlink(os.path.basename(path) if how == "loop" else b"nothing-there", path)
    elif how == "touch":
        os.utime(path, (1, 1))


def said(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ, "LC_ALL": "C"}).stdout


def save(path, content):
    with open(path, "wb") as out:
        out.write(content)


def audit(output, paths):
    """What hashdeep says of the names that its own format can hold, and that are not the first line of another name there."""
    output = b"\n" + output
    pairs = []
    for path in paths:
        if b"\n" in path or b"\r" in path or any(other.startswith(path + b"\n") for other in paths):
            continue
        good, bad = b"\n" + path + b": Ok\n" in output, b"\n" + path + b": Known file not used\n" in output
        if good == bad:
            sys.exit(f"hashdeep says nothing clear of {path!r}")
        pairs.append(path + b"\0" + (b"ok" if good else b"bad") + b"\0")
    return b"".join(pairs)


def main(seed, directory):
    chance = random.Random(int(seed))
    base = os.fsencode(directory)
    top = base + b"/tree"
    os.mkdir(top)
    paths = grow(top, chance)
    chance.shuffle(paths)
    save(base + b"/sha256", said("sha256sum", *paths))
    save(base + b"/sha256.tag", said("sha256sum", "--tag", *paths))
    save(base + b"/sha256.zero", said("sha256sum", "--zero", *paths))
    save(base + b"/md5", said("md5sum", "--binary", *paths))
    save(base + b"/hashdeep", said("hashdeep", "-c", "md5,sha1,tiger,sha256", *paths))
    for path in paths:
        change(path, chance)
    save(base + b"/sha256.said", said("sha256sum", "--check", base + b"/sha256"))
    save(base + b"/md5.said", said("md5sum", "--check", base + b"/md5"))
    audited = said("hashdeep", "-a", "-vvv", "-k", base + b"/hashdeep", "-r", top)
    save(base + b"/hashdeep.said", audit(audited, paths))


main(*sys.argv[1:])
