// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.lifecycle.CancellationToken;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.PosixException;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.prealloc.AllocationException.Refusal;
import io.millrace.testkit.Fault;
import io.millrace.testkit.FaultyPosix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ways around what a file system lacks, and ends before the end. */
class FallbackIT {
    private static final AllocationRequest REQUEST = AllocationRequest.of(0, 1 << 20);

    @TempDir
    Path directory;

    private final FaultyPosix faulty = new FaultyPosix(LinuxPosix.create());
    private final List<BytePath> lacking = new ArrayList<>();
    private final CancellationToken stop = new CancellationToken();

    private List<AllocationResult> allocate(String... names) {
        var listener = new AllocationListener() {
            @Override
            public void withoutTemporaryFiles(BytePath path, PosixException why) {
                lacking.add(path);
            }
        };
        return new Preallocator(faulty.posix(), PreallocatorOptions.DEFAULT, listener)
                .allocate(List.of(names).stream().map(this::path).toList(), REQUEST, stop);
    }

    private BytePath path(String name) {
        return BytePath.of(directory.resolve(name).toString());
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** openAt is first called for O_TMPFILE. */
    private Fault noTemporaryFiles() {
        Fault fault = faulty.fail("openAt", Errno.EOPNOTSUPP);
        fault.times(1);
        return fault;
    }

    @Test
    void startsUnderAHiddenNameWithoutTemporaryFiles() throws IOException {
        Fault lack = noTemporaryFiles();
        assertThat(allocate("a", "b")).hasOnlyElementsOfType(AllocationResult.Reserved.class);
        assertThat(lack.injected()).isEqualTo(1);
        assertThat(lacking).containsExactly(path("a").parent());
        assertThat(names()).containsExactly("a", "b");
    }

    @Test
    void linksWhereRenameCannotRefuseToReplace() throws IOException {
        Fault lack = noTemporaryFiles();
        Fault rename = faulty.fail("renameNoReplaceAt", Errno.EINVAL);
        assertThat(allocate("a", "b")).hasOnlyElementsOfType(AllocationResult.Reserved.class);
        assertThat(lack.injected() + rename.injected()).isEqualTo(3);
        assertThat(names()).containsExactly("a", "b");
    }

    @Test
    void neverTakesTheNameOfAFileThatCameFirst() throws IOException {
        for (boolean hidden : new boolean[] {false, true}) {
            Fault lack = noTemporaryFiles();
            if (!hidden) {
                faulty.heal();
            }
            String name = "race" + hidden;
            List<AllocationResult> outcomes = allocate(name, name);
            assertThat(lack.injected()).isEqualTo(hidden ? 1 : 0);
            assertThat(outcomes.get(0)).isInstanceOf(AllocationResult.Reserved.class);
            assertThat(outcomes.get(1))
                    .isInstanceOfSatisfying(
                            AllocationResult.Failed.class,
                            failed -> assertThat(failed.cause())
                                    .hasMessageStartingWith(directory.resolve(name) + ": ")
                                    .hasMessageEndingWith("File exists (EEXIST)"));
            faulty.heal();
        }
        assertThat(names()).containsExactly("racefalse", "racetrue");
    }

    @Test
    void removesTheHiddenNameOnFailure() throws IOException {
        for (String call : List.of("fallocate", "chmod", "fsync", "renameNoReplaceAt")) {
            Fault lack = noTemporaryFiles();
            Fault fault = faulty.fail(call, Errno.EIO);
            assertThat(allocate("a")).hasOnlyElementsOfType(AllocationResult.Failed.class);
            assertThat(lack.injected()).isEqualTo(1);
            assertThat(fault.injected()).as(call).isPositive();
            assertThat(names()).as(call).isEmpty();
            faulty.heal();
        }
    }

    @Test
    void beginsNothingAfterAStop() throws IOException {
        var listener = new AllocationListener() {
            @Override
            public void finished(AllocationResult outcome) {
                if (!stop.isRequested()) {
                    stop.request(2);
                }
            }
        };
        List<BytePath> paths =
                IntStream.range(0, 10).mapToObj(i -> path("file" + i)).toList();
        List<AllocationResult> outcomes = new Preallocator(LinuxPosix.create(), new PreallocatorOptions(4), listener)
                .allocate(paths, REQUEST, stop);
        assertThat(outcomes).hasSize(10);
        assertThat(outcomes.subList(0, 4)).hasOnlyElementsOfType(AllocationResult.Reserved.class);
        assertThat(outcomes.subList(4, 10))
                .allSatisfy(outcome -> assertThat(outcome)
                        .isInstanceOfSatisfying(
                                AllocationResult.Failed.class,
                                failed -> assertThat(failed.cause())
                                        .isInstanceOfSatisfying(
                                                AllocationException.class,
                                                cause -> assertThat(cause.refusal())
                                                        .isEqualTo(Refusal.STOPPED))));
        assertThat(names()).hasSize(4);
    }
}
