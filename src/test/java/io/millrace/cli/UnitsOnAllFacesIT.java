// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.daemon.ServiceFile;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.prealloc.AllocationListener;
import io.millrace.telemetry.StandIn;
import io.millrace.telemetry.jmx.client.ControlClient;
import io.millrace.testkit.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The configuration file, the command line and JMX accept the same texts, and refuse the others by the same words. */
class UnitsOnAllFacesIT {
    private static final String RATE = "is not a rate; write 200MiB/s, 1GB/s or none";
    private static final String RESERVE = "is not a reserve; write 10GiB, or 0% to 100%";
    private static final String SIZE = "is not a size; write 4096, 64MiB or 1GB";
    private static final String MODE = "is not a mode from 0000 to 0777, octal";
    private static final String OK = "";

    /** @param error the message after the quoted text; {@link #OK}: the text is accepted */
    private record Row(Face face, String text, String error) {}

    /** Asks the service; {@code path} is a new one below its roots. */
    private interface Request {
        String send(ControlClient client, String path, String text) throws IOException;
    }

    /** Where a unit is written: {@code %s} is its text, and {@code FILE} a new file. */
    private enum Face {
        RATE(
                "limits: {rate: %s}",
                "cat --rate=%s EMPTY", (client, path, text) -> client.scans().totalRate(text)),
        RESERVE("reserve: %s", "allocate --size=4KiB --reserve=%s FILE", null),
        MODE(
                "pools: {a: {directory: plain, file-size: 1, ready: 0, mode: \"%s\"}}",
                "allocate --size=4KiB --mode=%s FILE", null),
        PARALLEL("limits: {parallel: %s}", "scan -q --parallel=%s EMPTY", null),
        SIZE(
                "pools: {a: {directory: plain, file-size: %s, ready: 0}}",
                "allocate --size=%s FILE",
                (client, path, text) -> client.preallocator().allocate(path, text)),
        DIGEST(
                "sources: {a: {paths: [data], digests: [%s]}}",
                "scan -q --digest=%s EMPTY",
                (client, path, text) ->
                        client.scans().startPaths(new String[] {path}, new String[] {text}, new String[0], "drop", "")),
        CACHE(
                "sources: {a: {paths: [data], cache: %s}}",
                "scan -q --cache=%s EMPTY",
                (client, path, text) -> client.scans().startPath(path, "", "", text, "none"));

        private final String yaml;
        private final String command;
        private final Request request;

        Face(String yaml, String command, Request request) {
            this.yaml = yaml;
            this.command = command;
            this.request = request;
        }
    }

    private static final List<Row> ROWS = List.of(
            new Row(Face.RATE, "200MiB/s", OK),
            new Row(Face.RATE, "200MiB", OK),
            new Row(Face.RATE, "1.5GB/s", OK),
            new Row(Face.RATE, "none", OK),
            new Row(Face.RATE, "0", OK),
            new Row(Face.RATE, "0B/s", OK),
            new Row(Face.RATE, "200", "has no unit; write 200MiB/s or 200B/s"),
            new Row(Face.RATE, "200/s", "has no unit; write 200MiB/s or 200B/s"),
            new Row(Face.RATE, "200/min", RATE),
            new Row(Face.RATE, "-5MiB", RATE),
            new Row(Face.RATE, "1.5B", RATE),
            new Row(Face.RATE, "9000PiB", RATE),
            new Row(Face.RATE, "fast", RATE),
            new Row(Face.RESERVE, "0", OK),
            new Row(Face.RESERVE, "2.5%", OK),
            new Row(Face.RESERVE, "4KiB", OK),
            new Row(Face.RESERVE, "5", "would be bytes; write 5% or 5GiB"),
            new Row(Face.RESERVE, "1.5", RESERVE),
            new Row(Face.RESERVE, "much", RESERVE),
            new Row(Face.RESERVE, "1e1%", "is not a share; write 20% or 2.5%"),
            new Row(Face.RESERVE, "-1%", "is not a share; write 20% or 2.5%"),
            new Row(Face.RESERVE, "100.1%", "is not within 0% to 100%"),
            new Row(Face.MODE, "0640", OK),
            new Row(Face.MODE, "640", OK),
            new Row(Face.MODE, "7", MODE),
            new Row(Face.MODE, "4755", MODE),
            new Row(Face.MODE, "0888", MODE),
            new Row(Face.MODE, "rw-r-----", MODE),
            new Row(Face.PARALLEL, "1", OK),
            new Row(Face.PARALLEL, "256", OK),
            new Row(Face.PARALLEL, "0", "is not within 1 to 256"),
            new Row(Face.PARALLEL, "257", "is not within 1 to 256"),
            new Row(Face.PARALLEL, "99999999999", "is not within 1 to 256"),
            new Row(Face.PARALLEL, "two", "is not a whole number"),
            new Row(Face.PARALLEL, "010", "is not a whole number"),
            new Row(Face.SIZE, "4096", OK),
            new Row(Face.SIZE, "64KiB", OK),
            new Row(Face.SIZE, "64K", SIZE),
            new Row(Face.SIZE, "-1", SIZE),
            new Row(Face.SIZE, "1".repeat(101), "is not a size"),
            new Row(Face.SIZE, "8192PiB", "is more than a file can hold (8 EiB - 1)"),
            new Row(Face.SIZE, "1.5", "is not a whole number of bytes"),
            new Row(Face.DIGEST, "sha512-256", OK),
            new Row(Face.DIGEST, "sha3", "is not one of crc32c, xxh3, "),
            new Row(Face.CACHE, "drop", OK),
            new Row(Face.CACHE, "all", "is not one of neutral, "));

    @TempDir
    Path directory;

    @Test
    void configurationFile() throws Exception {
        var file = ServiceFile.in(directory);
        for (Row row : ROWS) {
            check(row, String.join("\n", file.problems(String.format(row.face.yaml, row.text))));
        }
    }

    @Test
    void commandLine() throws Exception {
        Path empty = Files.createFile(directory.resolve("empty"));
        List<String> lines = new ArrayList<>();
        for (Row row : ROWS) {
            String file = directory.resolve("file" + lines.size()).toString();
            lines.add(String.format(row.face.command, row.text)
                    .replace("FILE", file)
                    .replace("EMPTY", empty.toString()));
        }
        var result = ChildJvm.of(UsageIT.EachLine.class, Files.write(directory.resolve("lines"), lines))
                .run();
        String[] errors = result.err().split("\f", -1);
        var codes = result.out().lines().filter(line -> line.startsWith("\f")).toList();
        assertThat(codes).as(result.toString()).hasSameSizeAs(ROWS);
        assertThat(errors).as(result.toString()).hasSize(ROWS.size() + 1);
        for (int i = 0; i < ROWS.size(); i++) {
            check(ROWS.get(i), codes.get(i).equals("\f0") ? "" : errors[i]);
        }
    }

    @Test
    void jmx() throws Exception {
        Path root = Files.createDirectory(directory.resolve("root"));
        var service = new StandIn().below(root, AllocationListener.NONE);
        int number = 0;
        try (var server = service.open(directory);
                var client = ControlClient.connect(
                        LinuxPosix.create(), ControlClient.credentialIn(BytePath.of(directory.toString())))) {
            assertThat(server.port()).isPositive();
            for (Row row : ROWS) {
                if (row.face.request != null) {
                    check(
                            row,
                            refusal(row, client, root.resolve("file" + number++).toString()));
                }
            }
        }
        assertThat(service.told)
                .contains("total rate 209715200", "total rate 1500000000", "total rate 0")
                .filteredOn("total rate 0"::equals)
                .hasSize(3);
    }

    private static String refusal(Row row, ControlClient client, String path) throws IOException {
        try {
            return row.face.request.send(client, path, row.text).isEmpty() ? "no answer" : "";
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    private static void check(Row row, String said) {
        if (row.error.isEmpty()) {
            assertThat(said).as(row.toString()).isEmpty();
        } else if (row.text.length() > 60) { // shortened in messages about the file
            assertThat(said).as(row.toString()).contains(row.error);
        } else {
            assertThat(said).as(row.toString()).contains("'" + row.text + "' " + row.error);
        }
    }
}
