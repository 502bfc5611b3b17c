// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.libc;

import io.millrace.files.AccessControlList;
import io.millrace.posix.ExitStatus;
import io.millrace.posix.Extent;
import io.millrace.posix.FileCalls.ResolveFlag;
import io.millrace.posix.FileType;
import io.millrace.posix.InotifyEvent.Change;
import io.millrace.posix.IoPriority.IoClass;
import io.millrace.posix.IoPriority;
import io.millrace.posix.PageCalls.Advice;
import io.millrace.posix.PipeCalls.Pipe;
import io.millrace.posix.Poll;
import io.millrace.posix.Posix;
import io.millrace.posix.ProcessSignal;
import io.millrace.posix.SpaceCalls.FallocateMode;
import io.millrace.posix.linux.LinuxPosix;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** A main class that makes every call of this package and looks at what came of it. */
public final class EveryCall {
    private static final int LENGTH = 3_000_001;

    private final Posix posix = LinuxPosix.create();
    private final byte[] content = new byte[LENGTH];
    private final BytePath directory;

    private EveryCall(String directory) {
        this.directory = BytePath.of(directory);
        new Random(LENGTH).nextBytes(content);
    }

    /** The argument is an empty directory. Says {@code all is well} at the end. */
    public static void main(String[] arguments) throws IOException {
        var every = new EveryCall(arguments[0]);
        try (var fd = every.open("a", OpenFlag.READ_WRITE, OpenFlag.CREATE)) {
            every.readAndWrite(fd);
            every.pipes(fd);
            every.space(fd);
            every.device();
            every.names(fd);
        }
        every.noWait();
        every.terminals();
        every.children();
        every.owners();
        every.sockets();
        check(every.posix.process().effectiveGroup() >= 0, "getegid");
        every.posix.process().setNotDumpable();
        every.posix.process().setIoPriority(new IoPriority(IoClass.IDLE, 0));
        System.out.println("all is well");
    }

    private BytePath path(String name) {
        return directory.resolve(name.getBytes());
    }

    private OwnedFd open(String name, OpenFlag... flags) throws PosixException {
        return posix.files().create(path(name), Set.of(flags), 0600);
    }

    private interface Step {
        void take() throws IOException;
    }

    /** A step that this kernel or file system may lack. */
    private static void where(Errno missing, Step step) throws IOException {
        try {
            step.take();
        } catch (PosixException e) {
            check(e.is(missing), e.getMessage());
        }
    }

    private static void check(boolean right, String what) {
        if (!right) {
            throw new AssertionError(what);
        }
    }

    private void readAndWrite(OwnedFd fd) throws IOException {
        var all = new ByteRange(0, LENGTH);
        try (var out = NativeBuffer.allocate(LENGTH);
                var in = NativeBuffer.allocate(LENGTH + 10)) {
            out.first(LENGTH).put(content);
            posix.io().pwrite(fd, out, all);
            posix.files().fsync(fd);
            posix.files().fdatasync(fd);
            check(posix.io().pread(fd, in, new ByteRange(0, LENGTH + 10)) == LENGTH, "pread to the end");
            check(in.first(LENGTH).equals(out.first(LENGTH)), "pread");
            in.first(LENGTH).put(new byte[LENGTH]);
            where(Errno.EOPNOTSUPP, () -> {
                check(posix.io().preadDontCache(fd, in, all) == LENGTH, "preadv2 to the end");
                check(in.first(LENGTH).equals(out.first(LENGTH)), "preadv2");
            });
        }
        check(
                posix.files().seekData(fd, 0).isPresent()
                        && posix.files().seekHole(fd, LENGTH).isEmpty(),
                "lseek");
        posix.pages().fadvise(fd, all, Advice.DONTNEED);
        where(Errno.ENOSYS, () -> check(posix.pages().cachestat(fd, all).resident() >= 0, "cachestat"));
    }

    private void pipes(OwnedFd fd) throws IOException {
        var calls = posix.pipes();
        try (var one = calls.pipe(Set.of());
                var other = calls.pipe(Set.of());
                var buffer = NativeBuffer.allocate(20_000)) {
            check(calls.isPipe(one.readEnd()) && !calls.isPipe(fd), "isPipe");
            check(calls.setCapacityBytes(one.writeEnd(), 1 << 17) == calls.capacityBytes(one.readEnd()), "capacity");
            for (int done = 0; done < 10_000; ) {
                done += (int) calls.spliceFromFile(fd, new ByteRange(done, 10_000 - done), one.writeEnd(), Set.of());
            }
            check(calls.pendingBytes(one.readEnd()) == 10_000, "splice");
            long copied = calls.tee(one.readEnd(), other.writeEnd(), 10_000, Set.of());
            check(drain(other, buffer, (int) copied), "tee");
            for (long moved = 0; moved < 10_000; ) {
                moved += calls.splice(one.readEnd(), other.writeEnd(), 10_000 - moved, Set.of());
            }
            check(drain(other, buffer, 10_000), "splice between pipes");
            buffer.first(20_000).put(content, 0, 20_000);
            posix.io().write(one.writeEnd(), buffer, 20_000);
            check(drain(one, buffer, 20_000), "write");
            buffer.first(20_000).put(content, 0, 20_000);
            int lent = (int) calls.vmsplice(buffer, 5_000, one.writeEnd(), Set.of());
            var input = Poll.forInput(one.readEnd());
            check(calls.poll(List.of(input), -1) == 1 && input.isReady(), "poll");
            try (var separate = NativeBuffer.allocate(20_000)) {
                check(drain(one, separate, lent), "vmsplice");
            }
        }
    }

    /** Whether {@code length} bytes wait in the pipe and are the first of the content. */
    private boolean drain(Pipe pipe, NativeBuffer buffer, int length) throws IOException {
        byte[] seen = new byte[length];
        for (int done = 0; done < length; ) {
            int count = posix.io().read(pipe.readEnd(), buffer);
            buffer.first(count).get(seen, done, count);
            done += count;
        }
        return Arrays.equals(seen, 0, length, content, 0, length)
                && posix.pipes().pendingBytes(pipe.readEnd()) == 0;
    }

    private void space(OwnedFd fd) throws IOException {
        where(Errno.EOPNOTSUPP, () -> posix.space().fallocate(fd, FallocateMode.RESERVE, new ByteRange(0, 8 << 20)));
        posix.space().posixFallocate(fd, new ByteRange(0, 16 << 20));
        check(posix.files().status(fd).reservedBytes() >= 16 << 20, "fallocate");
        check(posix.files().fileSystem(fd).totalBytes() > 0, "fstatfs");
        where(Errno.EOPNOTSUPP, () -> {
            var extents = new ArrayList<Extent>();
            posix.space().extents(fd, new ByteRange(0, 1 << 30), extents::add);
            check(!extents.isEmpty(), "extents");
            check(!posix.space().isNoCopyOnWrite(fd), "flags");
        });
        posix.files().truncate(fd, 5);
        check(posix.files().status(fd).sizeBytes() == 5, "ftruncate");
    }

    private void device() throws IOException {
        var range = new ByteRange(0, 4096);
        try (var fd = open("device", OpenFlag.READ_WRITE, OpenFlag.CREATE);
                var buffer = NativeBuffer.allocate(4096)) {
            buffer.first(4096).put(content, 0, 4096);
            posix.io().pwrite(fd, buffer, range);
            var before = posix.files().status(fd);
            try (var map = posix.pages().mmapWritable(fd, range)) {
                posix.pages().addZero(map, 0);
                posix.pages().msync(map);
            }
            posix.files().setModified(fd, before.modifiedNanos());
            check(posix.files().status(fd).modifiedNanos() == before.modifiedNanos(), "futimens");
            var alignment = posix.files().directAlignment(fd);
            where(Errno.EINVAL, () -> {
                posix.io().setDirect(fd, true);
                // Transfers that are cut in half end with less than a sector, which is the end of a file.
                if (alignment.isPresent() && alignment.get().offsetBytes() == 512) {
                    check(posix.io().preadDirect(fd, buffer, range) >= 2048, "pread with O_DIRECT");
                }
                posix.io().setDirect(fd, false);
            });
            check(buffer.first(4096).equals(ByteBuffer.wrap(content, 0, 4096)), "what was read with O_DIRECT");
            where(
                    Errno.EOPNOTSUPP,
                    () -> posix.space()
                            .extentsWithoutSync(
                                    fd, range, extent -> check(!extent.range().isEmpty(), "extent")));
            var is = posix.identities();
            check(is.fileSystemUuid(fd).equals(is.fileSystemUuid(fd)), "FS_IOC_GETFSUUID");
            long number = is.fileSystemNumber(fd);
            check(is.fileSystemNumber(fd) == number, "f_fsid");
            check(is.generation(fd).equals(is.generation(fd)), "FS_IOC_GETVERSION");
            check(is.handle(fd).equals(is.handle(fd)), "name_to_handle_at");
            check(is.verityDigest(fd).isEmpty(), "FS_IOC_MEASURE_VERITY");
        }
        check(posix.process().threadUsage().inputBytes() >= 0, "getrusage");
        posix.files().unlink(path("device"));
    }

    private void names(OwnedFd fd) throws IOException {
        var files = posix.files();
        files.chmod(fd, 0640);
        check(files.status(path("a")).permissions() == 0640 && files.isWritable(path("a")), "chmod");
        files.chown(fd, -1, -1);
        check(files.isExecutable(directory) && !files.isExecutable(path("a")), "isExecutable");
        files.link(path("a"), path("b"));
        files.renameNoReplace(path("b"), path("c"));
        try (var list = files.list(files.open(directory, Set.of(OpenFlag.DIRECTORY)), directory)) {
            var batch = list.nextBatch();
            check(batch != null && batch.size() == 2, "list");
            files.openAt(list.fd(), "c".getBytes(), path("c"), Set.of()).close();
            where(
                    Errno.ENOSYS,
                    () -> files.openAt2(list.fd(), BytePath.of("c"), Set.of(), Set.of(ResolveFlag.BENEATH))
                            .close());
            check(files.statusAt(list.fd(), "c".getBytes(), path("c")).links() == 2, "link");
            where(
                    Errno.ENOSYS,
                    () -> files.openAt2(list.fd(), "c".getBytes(), path("c"), Set.of(), Set.of(ResolveFlag.BENEATH))
                            .close());
            namesIn(list.fd());
        }
        files.unlink(path("c"));
        check(files.extendedAttribute(fd, AccessControlList.ATTRIBUTE).isEmpty(), "getxattr");
        try (var link = files.open(BytePath.of("/proc/self/exe"), Set.of(OpenFlag.PATH, OpenFlag.NO_FOLLOW))) {
            check(files.readLink(link).length > 1, "readlinkat");
        }
        files.makeDirectory(path("made"), 0700);
        check(files.status(path("made")).type() == FileType.DIRECTORY, "mkdir");
        where(Errno.EOPNOTSUPP, () -> {
            try (var temporary = files.create(directory, Set.of(OpenFlag.TEMPORARY, OpenFlag.WRITE_ONLY), 0600)) {
                files.linkFile(temporary, path("d"));
            }
            check(files.status(path("d")).links() == 1, "linkFile");
        });
    }

    private void namesIn(OwnedFd in) throws IOException {
        var files = posix.files();
        files.createAt(in, "e".getBytes(), path("e"), Set.of(OpenFlag.CREATE), 0600)
                .close();
        files.unlinkAt(in, "e".getBytes(), path("e"));
        files.linkAt(in, "a".getBytes(), "e".getBytes(), path("e"));
        files.renameNoReplaceAt(in, "e".getBytes(), "f".getBytes(), path("f"));
        check(files.status(path("f")).links() == 3, "linkAt");
        files.renameNoReplaceBetween(in, "f".getBytes(), in, "h".getBytes(), path("h"));
        open("f", OpenFlag.CREATE, OpenFlag.EXCLUSIVE).close();
        files.unlinkAt(in, "c".getBytes(), path("c"));
        files.rename(in, "f".getBytes(), "c".getBytes(), path("c"));
        files.rename(in, "h".getBytes(), "f".getBytes(), path("f"));
        files.unlinkAt(in, "f".getBytes(), path("f"));
        watches(in);
        where(Errno.EOPNOTSUPP, () -> {
            try (var temporary = files.create(directory, Set.of(OpenFlag.TEMPORARY, OpenFlag.WRITE_ONLY), 0600)) {
                files.linkFileAt(temporary, in, "g".getBytes(), path("g"));
            }
            files.unlinkAt(in, "g".getBytes(), path("g"));
        });
    }

    private void watches(OwnedFd in) throws IOException {
        try (var watch = posix.watches().inotify()) {
            int number = posix.watches().watch(watch, in, Set.of(Change.CREATED));
            posix.files().linkAt(in, "a".getBytes(), "w".getBytes(), path("w"));
            var events = posix.watches().events(watch);
            check(events.size() == 1 && events.get(0).watch() == number, "inotify");
            check(Arrays.equals(events.get(0).name(), "w".getBytes()), "inotify's name");
            posix.files().unlinkAt(in, "w".getBytes(), path("w"));
        }
    }

    private void noWait() throws IOException {
        var calls = posix.pipes();
        try (var fd = open("n", OpenFlag.READ_WRITE, OpenFlag.CREATE);
                var pipe = calls.pipe(Set.of());
                var buffer = NativeBuffer.allocate(1000)) {
            posix.io().setNonBlocking(pipe.readEnd());
            posix.io().setNonBlocking(pipe.writeEnd());
            check(posix.io().readNoWait(pipe.readEnd(), buffer) == -1, "nothing to read");
            buffer.first(1000).put(content, 0, 1000);
            posix.io().pwrite(fd, buffer, new ByteRange(0, 1000));
            int written = 0;
            while (written < 1000) {
                written += posix.io().writeNoWait(pipe.writeEnd(), buffer, written, 1000 - written);
            }
            check(drain(pipe, buffer, 1000), "write without waiting");
            int moved = (int) calls.spliceFromFileNoWait(fd, new ByteRange(0, 1000), pipe.writeEnd());
            check(drain(pipe, buffer, moved), "splice without waiting");
            buffer.first(1000).put(content, 0, 1000);
            int lent = (int) calls.vmspliceNoWait(buffer, 1000, pipe.writeEnd());
            try (var separate = NativeBuffer.allocate(1000)) {
                check(drain(pipe, separate, lent), "vmsplice without waiting");
            }
        }
    }

    private void children() throws IOException {
        var calls = posix.children();
        var children = new Children(posix);
        try (var output = posix.pipes().pipe(Set.of())) {
            var child = children.start(output.writeEnd(), "/bin/sleep", "1000");
            check(calls.reap(child).isEmpty(), "still running");
            calls.setNiceness(child, 19);
            calls.setIoPriority(child, new IoPriority(IoClass.IDLE, 0));
            calls.signalGroup(child, ProcessSignal.TERMINATE);
            check(children.end(child).equals(new ExitStatus(true, 15)), "reap");
        }
        check(!posix.process().workingDirectory().toString().isEmpty(), "getcwd");
    }

    private void terminals() throws IOException {
        var calls = posix.terminals();
        try (var master = calls.openMaster()) {
            calls.grant(master);
            calls.unlock(master);
            calls.makeRaw(master);
            try (var slave = posix.files().open(calls.slaveName(master), Set.of(OpenFlag.NO_CONTROLLING_TERMINAL))) {
                check(calls.isTerminal(slave) && calls.columns(slave).isEmpty(), "terminal");
                calls.setSize(master, 24, 80);
                check(
                        calls.columns(slave).orElseThrow() == 80
                                && calls.rows(slave).orElseThrow() == 24,
                        "size");
            }
        }
    }

    private void owners() throws IOException {
        try (var one = open("lock", OpenFlag.WRITE_ONLY, OpenFlag.CREATE);
                var other = open("lock", OpenFlag.WRITE_ONLY)) {
            check(posix.files().tryLock(one) && !posix.files().tryLock(other), "lock");
            check(posix.files().isLocked(other) && !posix.files().isLocked(one), "locked");
        }
        check(posix.process().userId("root").orElseThrow() == 0, "getpwnam_r");
        check(posix.process().groupId("root").orElseThrow() == 0, "getgrnam_r");
    }

    private void sockets() throws IOException {
        where(Errno.ENOENT, () -> posix.sockets().sendDatagram(path("nobody"), new byte[9]));
    }
}
