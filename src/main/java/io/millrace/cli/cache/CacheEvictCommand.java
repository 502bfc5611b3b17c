// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.cache;

import io.millrace.cli.command.Argument;
import io.millrace.cli.command.CommandBuilder;
import io.millrace.cli.options.ListingOptions;
import io.millrace.cli.output.Invocation;
import io.millrace.pagecache.Eviction;
import io.millrace.posix.FileSystemType;
import io.millrace.posix.libc.BytePath;
import io.millrace.scan.walk.OpenedFile;
import io.millrace.units.ByteSize;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code millrace cache evict}: evicts files from the page cache. */
final class CacheEvictCommand implements Callable<Integer> {
    /** @param why some pages were not evicted; empty if all were */
    private record Evicted(Eviction eviction, Optional<String> why) {}

    private final Invocation invocation;
    private final ListingOptions options = new ListingOptions();
    private final Argument<Boolean> sync =
            Argument.flag("--sync", "Write dirty pages first (fdatasync), so that they can be dropped too.");

    private CacheEvictCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    static CommandSpec spec(Invocation invocation) {
        var command = new CacheEvictCommand(invocation);
        return new CommandBuilder("evict", command)
                .description(
                        "Drop files from the page cache, and report what stays and why.",
                        "",
                        "Pages that are not yet written stay, unless --sync writes them first; so do pages that a process has mapped"
                                + " or is just using, and all of a tmpfs, which has no other place for them.",
                        "")
                .examples("  millrace cache evict --sync /srv/backups")
                .add(command.options.arguments())
                .add(command.sync)
                .build();
    }

    @Override
    public Integer call() throws IOException {
        int cells = options.cells(invocation.posix().terminals());
        return CacheRunner.run(invocation, options, "evicted", file -> evict(file, cells), this::print);
    }

    private Evicted evict(OpenedFile file, int cells) throws IOException {
        var dirty = sync.get() ? Eviction.Dirty.WRITE : Eviction.Dirty.LEAVE;
        var eviction = Eviction.of(invocation.posix(), file.traits(), file.fd(), file.status(), dirty, cells);
        return new Evicted(eviction, why(eviction, file.traits().type()));
    }

    private Optional<String> why(Eviction eviction, FileSystemType type) {
        long left = eviction.after().residentBytes().orElse(0);
        if (left == 0) {
            return Optional.empty();
        }
        if (!type.canDropPages()) {
            return Optional.of(type.label() + " has no other place for them");
        }
        if (eviction.dirtyBytes().isEmpty()) {
            return Optional.of("not yet written, or in use by a process");
        }
        long dirty = Math.min(left, eviction.dirtyBytes().getAsLong());
        String written = sync.get() ? "written to again" : "not yet written (see --sync)";
        String used = "mapped or in use by a process";
        if (dirty == 0 || dirty == left) {
            return Optional.of(dirty == 0 ? used : written);
        }
        return Optional.of(ByteSize.format(dirty) + " " + written + ", " + ByteSize.format(left - dirty) + " " + used);
    }

    private void print(ResidencyReport report, BytePath path, Evicted evicted) throws IOException {
        Eviction eviction = evicted.eviction();
        report.file(path, eviction.after(), json -> {
            ResidencyReport.number(
                    json, "resident_before_bytes", eviction.before().residentBytes());
            ResidencyReport.number(json, "dirty_bytes", eviction.dirtyBytes());
            json.writeStringField("why_left", evicted.why().orElse(null));
        });
        if (evicted.why().isPresent()) {
            long left = eviction.after().residentBytes().orElse(0);
            invocation
                    .console()
                    .say(path + ": " + ByteSize.format(left) + " stay: "
                            + evicted.why().get());
        }
    }
}
