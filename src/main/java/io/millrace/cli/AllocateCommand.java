// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.posix.BytePath;
import io.millrace.posix.ByteSize;
import io.millrace.prealloc.AllocateOption;
import io.millrace.prealloc.AllocationRequest;
import io.millrace.prealloc.Outcome;
import io.millrace.prealloc.Preallocator;
import io.millrace.prealloc.PreallocatorOptions;
import io.millrace.prealloc.Reserve;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code millrace allocate}: reserves files and prints what the file system made of it. */
@Command(
        name = "allocate",
        mixinStandardHelpOptions = true,
        description = {
            "Reserve disk space for files, durably, and say what the file system really reserved.",
            "",
            "A new file appears only when it is complete. One that exists is changed in place: blocks within its"
                    + " length, or beyond it with --keep-size, are reserved without touching a byte; growing or zeroing"
                    + " it takes --force. Symbolic links are not followed.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  millrace allocate --size 64MiB --reserve 10%% /srv/wal/segment-{000..007}",
            "  millrace allocate --size 1GiB --offset 4GiB --keep-size --json /srv/db/table"
        })
final class AllocateCommand implements Callable<Integer> {
    @ParentCommand
    private Main main;

    @Spec
    private CommandSpec spec;

    @Option(names = "--size", required = true, paramLabel = "S", description = "How much to reserve: 4096, 64MiB, 1GB.")
    private ByteSize size = new ByteSize(0);

    @Option(names = "--offset", paramLabel = "N", description = "Where in the file to begin; default 0.")
    private ByteSize offset = new ByteSize(0);

    @Option(names = "--keep-size", description = "Reserve blocks and leave the file's length alone.")
    private boolean keepSize;

    @Option(names = "--zero", description = "Make the range read as zeros. Needs --force where the file exists.")
    private boolean zero;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            converter = PermissionsConverter.class,
            description = "Permissions of a new file, in octal, whatever the umask; default 0640.")
    private int permissions = AllocationRequest.DEFAULT_PERMISSIONS;

    @Option(
            names = "--allow-emulation",
            description = "Where the file system cannot reserve, write into every block. Slow.")
    private boolean emulation;

    @Option(names = "--force", description = "Files that exist may grow and, with --zero, lose content.")
    private boolean force;

    @Option(
            names = "--reserve",
            paramLabel = "S|P%",
            converter = ReserveConverter.class,
            description = "Free space that must remain: 10GiB, or a share of the file system, 5%%.")
    private Reserve reserve = Reserve.NONE;

    @Option(names = "--json", description = "One JSON object a line; the last is the summary.")
    private boolean json;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Files to make, or to reserve blocks for.")
    private List<BytePath> paths = List.of();

    static final class PermissionsConverter implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            if (!text.matches("[0-7]{1,4}")) {
                throw new TypeConversionException("'" + text + "' is no octal mode; write 0640");
            }
            return Integer.parseInt(text, 8);
        }
    }

    static final class ReserveConverter implements ITypeConverter<Reserve> {
        @Override
        public Reserve convert(String text) {
            try {
                return Reserve.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** Of a size that was written with a space, which makes its unit a file's name. */
    private void refuseUnits() {
        for (BytePath path : paths) {
            if (ByteSize.isUnit(path.toString())) {
                throw new ParameterException(
                        spec.commandLine(),
                        "'" + path + "' is a unit: write a size without a space, 64MiB; a file of that name is ./"
                                + path);
            }
        }
    }

    @Override
    public Integer call() throws IOException {
        AllocationRequest request = request();
        refuseUnits();
        try (var out = new ResultStream(main)) {
            var report = new AllocationReport(out, main.console(), json);
            var preallocator = new Preallocator(main.posix(), PreallocatorOptions.DEFAULT, report);
            long started = System.nanoTime();
            List<Outcome> unused = preallocator.allocate(paths, request, main.stop());
            report.summary((System.nanoTime() - started) / 1e9);
            if (main.stop().isRequested() && report.notBegun() > 0) {
                return main.stop().exitCode();
            }
            return report.failed() > 0 ? ExitCode.SOME_FAILED : ExitCode.DONE;
        }
    }

    private AllocationRequest request() {
        try {
            return AllocationRequest.of(offset.bytes(), size.bytes(), options())
                    .withPermissions(permissions)
                    .withReserve(reserve);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
        }
    }

    private AllocateOption[] options() {
        var options = EnumSet.noneOf(AllocateOption.class);
        if (keepSize) {
            options.add(AllocateOption.KEEP_SIZE);
        }
        if (zero) {
            options.add(AllocateOption.ZERO);
        }
        if (emulation) {
            options.add(AllocateOption.EMULATION);
        }
        if (force) {
            options.add(AllocateOption.FORCE);
        }
        return options.toArray(AllocateOption[]::new);
    }
}
