// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.cli.command.Argument;
import io.millrace.cli.command.CommandBuilder;
import io.millrace.cli.output.ExitCode;
import io.millrace.cli.output.Invocation;
import io.millrace.cli.output.ResultStream;
import io.millrace.posix.libc.BytePath;
import io.millrace.prealloc.AllocateOption;
import io.millrace.prealloc.AllocationRequest;
import io.millrace.prealloc.AllocationResult;
import io.millrace.prealloc.Preallocator;
import io.millrace.prealloc.PreallocatorOptions;
import io.millrace.prealloc.Reserve;
import io.millrace.units.ByteSize;
import io.millrace.units.FileMode;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code millrace allocate}: reserves files and prints how the file system allocated them. */
final class AllocateCommand implements Callable<Integer> {
    private final Invocation invocation;

    private final Argument<ByteSize> size = Argument.option(
                    "--size", "S", ByteSize.class, "How much to reserve: 4096, 64MiB, 1GB.")
            .required();

    private final Argument<ByteSize> offset = Argument.option(
                    "--offset", "N", ByteSize.class, "Where in the file to begin; default 0.")
            .or(new ByteSize(0));

    private final Argument<Boolean> keepSize =
            Argument.flag("--keep-size", "Reserve blocks and leave the file's length alone.");

    private final Argument<Boolean> zero =
            Argument.flag("--zero", "Make the range read as zeros. Needs --force where the file exists.");

    private final Argument<FileMode> mode = Argument.option(
                    "--mode",
                    "MODE",
                    FileMode.class,
                    "Permissions of a new file, in octal, whatever the umask; default 0640.")
            .or(new FileMode(AllocationRequest.DEFAULT_PERMISSIONS));

    private final Argument<Boolean> emulation =
            Argument.flag("--allow-emulation", "Where the file system cannot reserve, write into every block. Slow.");

    private final Argument<Boolean> force =
            Argument.flag("--force", "Files that exist may grow and, with --zero, lose content.");

    private final Argument<Reserve> reserve = Argument.option(
                    "--reserve",
                    "S|P%",
                    Reserve.class,
                    "Free space that must remain: 10GiB, or a share of the file system, 5%%.")
            .or(Reserve.NONE);

    private final Argument<Boolean> json = Argument.json();

    private final Argument<List<BytePath>> paths =
            Argument.parameters("1..*", "FILE", BytePath.class, "Files to make, or to reserve blocks for.");

    private AllocateCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    static CommandSpec spec(Invocation invocation) {
        var command = new AllocateCommand(invocation);
        return new CommandBuilder("allocate", command)
                .description(
                        "Reserve disk space for files, durably, and say what the file system really reserved.",
                        "",
                        "A new file appears only when it is complete. One that exists is changed in place: blocks within its"
                                + " length, or beyond it with --keep-size, are reserved without touching a byte; growing or"
                                + " zeroing it takes --force. Symbolic links are not followed.",
                        "")
                .examples(
                        "  millrace allocate --size 64MiB --reserve 10%% /srv/wal/segment-{000..007}",
                        "  millrace allocate --size 1GiB --offset 4GiB --keep-size --json /srv/db/table")
                .add(command.size, command.offset, command.keepSize, command.zero, command.mode)
                .add(command.emulation, command.force, command.reserve, command.json, command.paths)
                .build();
    }

    /** Refuses a size that was written with a space, because its unit would be taken for a file name. */
    private void refuseUnits() {
        for (BytePath path : paths.get()) {
            if (ByteSize.isUnit(path.toString())) {
                throw paths.refused("'" + path
                        + "' is a unit: write a size without a space, 64MiB; a file of that name is ./" + path);
            }
        }
    }

    @Override
    public Integer call() throws IOException {
        AllocationRequest request = request();
        refuseUnits();
        try (var out = new ResultStream(invocation)) {
            var report = new AllocationReport(out, invocation.console(), json.get());
            var preallocator = new Preallocator(invocation.posix(), PreallocatorOptions.DEFAULT, report);
            long started = System.nanoTime();
            List<AllocationResult> unused = preallocator.allocate(paths.get(), request, invocation.stop());
            report.summary((System.nanoTime() - started) / 1e9);
            if (invocation.stop().isRequested() && report.notBegun() > 0) {
                return invocation.stop().exitCode();
            }
            return report.failed() > 0 ? ExitCode.SOME_FAILED : ExitCode.DONE;
        }
    }

    private AllocationRequest request() {
        try {
            return AllocationRequest.of(offset.get().bytes(), size.get().bytes(), options())
                    .withPermissions(mode.get().permissions())
                    .withReserve(reserve.get());
        } catch (IllegalArgumentException e) {
            throw size.refused(String.valueOf(e.getMessage()));
        }
    }

    private AllocateOption[] options() {
        var options = EnumSet.noneOf(AllocateOption.class);
        if (keepSize.get()) {
            options.add(AllocateOption.KEEP_SIZE);
        }
        if (zero.get()) {
            options.add(AllocateOption.ZERO);
        }
        if (emulation.get()) {
            options.add(AllocateOption.EMULATION);
        }
        if (force.get()) {
            options.add(AllocateOption.FORCE);
        }
        return options.toArray(AllocateOption[]::new);
    }
}
