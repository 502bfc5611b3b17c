// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import io.millrace.files.PipeWriter;
import io.millrace.posix.ChildCalls.ChildProcess;
import io.millrace.posix.FileType;
import io.millrace.posix.PipeCalls.Pipe;
import io.millrace.posix.Posix;
import io.millrace.posix.SpawnRequest;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.io.IOException;
import java.nio.file.NotDirectoryException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Starts the processes of one worker, each with its own pipes or terminal and environment. They inherit nothing else
 * from this process. Any thread; the caller closes the {@link Child}.
 */
final class ProcessLauncher {
    private static final int TERMINAL_ROWS = 24;
    private static final int TERMINAL_COLUMNS = 80;

    private final Posix posix;
    private final WorkerSpec spec;
    private final WorkerListener listener;
    private final WorkerTally tally;

    ProcessLauncher(Posix posix, WorkerSpec spec, WorkerListener listener, WorkerTally tally) {
        this.posix = posix;
        this.spec = spec;
        this.listener = listener;
        this.tally = tally;
    }

    /**
     * Starts a process. The message of an exception is one line with the cause: the program does not exist, or a
     * system resource is exhausted.
     */
    Child start(FileHeader head) throws IOException {
        Map<String, byte[]> environment = environment(head);
        if (spec.surroundings().directory().isPresent()) {
            checkDirectory(spec.surroundings().directory().get());
        }
        BytePath program = new ProgramSearch(posix, spec).find();
        var ours = new ArrayList<OwnedFd>();
        var theirs = new ArrayList<OwnedFd>();
        try {
            return start(program, environment, ours, theirs);
        } catch (IOException | RuntimeException | Error e) {
            ours.forEach(OwnedFd::close);
            throw e;
        } finally {
            theirs.forEach(OwnedFd::close);
        }
    }

    private Child start(BytePath program, Map<String, byte[]> environment, List<OwnedFd> ours, List<OwnedFd> theirs)
            throws PosixException {
        Pipe in = pipe(ours, theirs, true);
        var channel = new PipeWriter(posix, in.writeEnd(), spec.surroundings().pipeBytes());
        OwnedFd out;
        OwnedFd err = null;
        SpawnRequest.Output output;
        if (spec.surroundings().terminal()) {
            out = openTerminal(ours);
            output = new SpawnRequest.Terminal(posix.terminals().slaveName(out));
        } else {
            Pipe outPipe = pipe(ours, theirs, false);
            Pipe errPipe = pipe(ours, theirs, false);
            out = outPipe.readEnd();
            err = errPipe.readEnd();
            output = new SpawnRequest.Files(outPipe.writeEnd(), errPipe.writeEnd());
        }
        List<byte[]> arguments = spec.command().stream().map(BytePath::encode).toList();
        var request = new SpawnRequest(
                program,
                arguments,
                lines(environment),
                in.readEnd(),
                output,
                spec.surroundings().directory());
        var intake = new ChildStdin(posix, in.writeEnd(), channel, tally); // before there is a process to lose
        var reading = NativeBuffer.allocate(Child.READING_BYTES);
        ChildProcess process;
        try {
            process = LiveProcesses.spawn(posix, request);
        } catch (PosixException | RuntimeException | Error e) {
            intake.close();
            reading.close();
            throw e;
        }
        Child child;
        try {
            var log = new StderrLogger(line -> listener.line(spec.name(), process.pid(), line));
            child = new Child(posix, process, intake, out, err, log, reading);
        } catch (RuntimeException | Error e) { // out of memory; stdin must not be closed while the process lives
            LiveProcesses.discard(posix, process);
            throw e;
        }
        ours.clear();
        yieldTo(child, process);
        return child;
    }

    /** Checks the working directory first, since the error of posix_spawn(3) would name the program. */
    private void checkDirectory(BytePath directory) throws IOException {
        FileType type = posix.files().status(directory).type();
        if (type != FileType.DIRECTORY) {
            throw new NotDirectoryException(directory + ": is a " + type.label() + ", not a directory");
        }
    }

    private Pipe pipe(List<OwnedFd> ours, List<OwnedFd> theirs, boolean weWrite) throws PosixException {
        Pipe pipe = posix.pipes().pipe(Set.of());
        ours.add(weWrite ? pipe.writeEnd() : pipe.readEnd());
        theirs.add(weWrite ? pipe.readEnd() : pipe.writeEnd());
        posix.io().setNonBlocking(weWrite ? pipe.writeEnd() : pipe.readEnd());
        return pipe;
    }

    private OwnedFd openTerminal(List<OwnedFd> ours) throws PosixException {
        OwnedFd master = posix.terminals().openMaster();
        ours.add(master);
        posix.terminals().grant(master);
        posix.terminals().unlock(master);
        posix.terminals().makeRaw(master);
        posix.terminals().setSize(master, TERMINAL_ROWS, TERMINAL_COLUMNS);
        posix.io().setNonBlocking(master);
        return master;
    }

    /** Sets the priorities of the process group, not of the process: it may have children of its own by now. */
    private void yieldTo(Child child, ChildProcess process) throws PosixException {
        try {
            if (spec.surroundings().niceness() != 0) {
                posix.children().setNiceness(process, spec.surroundings().niceness());
            }
            if (spec.surroundings().ioPriority().isPresent()) {
                posix.children()
                        .setIoPriority(process, spec.surroundings().ioPriority().get());
            }
        } catch (PosixException | RuntimeException | Error e) {
            child.close();
            throw e;
        }
    }

    private Map<String, byte[]> environment(FileHeader head) {
        var all = new TreeMap<String, byte[]>();
        all.put("PATH", BytePath.encode(ProgramSearch.inheritedPath()));
        all.put("LANG", BytePath.encode("C.UTF-8"));
        if (spec.surroundings().terminal()) {
            all.put("TERM", BytePath.encode("xterm"));
        }
        if (spec.mode() == WorkerMode.PER_FILE) {
            all.put("MILLRACE_SCAN", BytePath.encode(head.scan()));
            all.put("MILLRACE_PATH", head.path().toBytes());
            all.put("MILLRACE_BYTES", BytePath.encode(Long.toString(head.bytes())));
        }
        spec.surroundings().environment().forEach((name, value) -> all.put(name, BytePath.encode(value)));
        return all;
    }

    private static List<byte[]> lines(Map<String, byte[]> environment) {
        var lines = new ArrayList<byte[]>();
        environment.forEach((name, value) -> {
            byte[] start = BytePath.encode(name + "=");
            byte[] line = new byte[start.length + value.length];
            System.arraycopy(start, 0, line, 0, start.length);
            System.arraycopy(value, 0, line, start.length, value.length);
            lines.add(line);
        });
        return lines;
    }
}
