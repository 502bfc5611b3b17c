// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.catalog.Records;
import io.millrace.catalog.record.BlockSums.Provenance;
import io.millrace.catalog.record.BlockSums;
import io.millrace.catalog.record.DigestValues;
import io.millrace.catalog.record.FileRecord;
import io.millrace.catalog.record.FileState;
import io.millrace.catalog.record.Verdict;
import io.millrace.posix.libc.BytePath;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExchangeTest {
    private static final BytePath ODD = BytePath.of(new byte[] {'/', 'd', '/', (byte) 0xFF, '\n', '%', '\\'});

    private static byte[] export(ExportedFile... files) throws IOException {
        var out = new ByteArrayOutputStream();
        var export = new NdjsonExport(out);
        for (ExportedFile file : files) {
            assertThat(export.write(file.path(), file.record())).isTrue();
        }
        export.end();
        return out.toByteArray();
    }

    private static NdjsonImport read(byte[] export) throws IOException {
        return new NdjsonImport(new ByteArrayInputStream(export), "host.ndjson");
    }

    private static ExportedFile file(String path, FileRecord record) {
        return new ExportedFile(BytePath.of(path), record);
    }

    private static FileRecord withSha(FileRecord record, int value) {
        return new FileRecord(
                record.key(),
                record.state(),
                value == 0 ? DigestValues.NONE : DigestValues.of(Map.of("sha256", new byte[] {(byte) value})),
                BlockSums.none(record.state().sizeBytes()),
                record.verification(),
                record.standing());
    }

    @Test
    void comesBackWhole() throws IOException {
        ExportedFile[] files = {
            file("/d/a", Records.small(1)),
            new ExportedFile(ODD, Records.odd(2)),
            file("/d/\u00e9", Records.empty(3)),
            file("/d/z", Records.small(4).with(Verdict.MEMORY_SUSPECT))
        };
        byte[] export = export(files);
        NdjsonImport in = read(export);
        for (ExportedFile file : files) {
            assertThat(in.next()).contains(file);
        }
        assertThat(in.next()).isEmpty();
        assertThat(in.next()).isEmpty();
        assertThat(new String(export, StandardCharsets.UTF_8).lines())
                .hasSize(6)
                .allMatch(line -> line.startsWith("{\"type\":\"") && line.endsWith("}"));
    }

    @Test
    void saysWhereAnExportIsBroken() throws IOException {
        String good = new String(
                export(file("/d/a", Records.small(1)), file("/d/b", Records.small(2))), StandardCharsets.UTF_8);
        String[] lines = good.split("\n");
        assertRefused(lines[0] + "\n" + lines[1], "host\\.ndjson:2: ends before its summary");
        assertRefused(
                lines[0] + "\n" + lines[1] + "\n" + lines[3], "host\\.ndjson:3: has 1 files, and its summary says 2");
        assertRefused(lines[1], "host\\.ndjson:1: is no export of a catalog");
        assertRefused("SHA256 (a) = 00", "host\\.ndjson:1: is no JSON: .*");
        assertRefused("", "host\\.ndjson:1: ends before its summary");
        assertRefused(
                good.replace("\"version\":1", "\"version\":2"), ".*has version 2, which this Millrace does not know");
        assertRefused(good.replace("\"verdict\":\"ok\"", "\"verdict\":\"fine\""), ".*:2: no verdict is called fine");
        assertRefused(good.replace("\"block_crc32c\":\"", "\"block_crc32c\":\"00"), ".*:2: 5 bytes of sums .*");
    }

    private static void assertRefused(String export, String message) {
        assertThatThrownBy(() -> {
                    NdjsonImport in = read(export.getBytes(StandardCharsets.UTF_8));
                    while (in.next().isPresent()) {
                        // all that is before the mistake
                    }
                })
                .isInstanceOf(ExchangeException.class)
                .hasMessageMatching(message);
    }

    @Test
    void passesOverWhatALaterMillraceAdds() throws IOException {
        String later = new String(export(file("/d/a", Records.small(1))), StandardCharsets.UTF_8)
                .replace("\"class\"", "\"extents\":[{\"a\":[1]}],\"note\":null,\"class\"");
        assertThat(read(later.getBytes(StandardCharsets.UTF_8)).next()).contains(file("/d/a", Records.small(1)));
    }

    @Test
    void writesLinesThatSumProgramsCheck() throws IOException {
        FileRecord record = withSha(Records.small(1), 0xAB);
        var gnu = new ByteArrayOutputStream();
        var export = new SumsExport(gnu, "sha256", Optional.empty());
        assertThat(export.write(BytePath.of("/d/a b"), record)).isTrue();
        assertThat(export.write(BytePath.of("/d/a\nb\\"), record)).isTrue();
        assertThat(export.write(BytePath.of("/d/none"), Records.empty(1))).isFalse();
        export.end();
        assertThat(gnu).hasToString("ab  /d/a b\n\\ab  /d/a\\nb\\\\\n");

        var bsd = new ByteArrayOutputStream();
        assertThat(new SumsExport(bsd, "sha256", Optional.of("SHA256")).write(BytePath.of("/d/a"), record))
                .isTrue();
        assertThat(bsd).hasToString("SHA256 (/d/a) = ab\n");
    }

    @Test
    void hasCrc32cOfTheWholeFileFromItsBlocks() throws IOException {
        var out = new ByteArrayOutputStream();
        var export = new SumsExport(out, "crc32c", Optional.empty());
        var blocks = BlockSums.builder(9).put(0, 0xE3069283, Provenance.DEVICE).build(); // of "123456789"
        FileRecord small = Records.small(1);
        var record = new FileRecord(
                small.key(), FileState.ofSize(9), DigestValues.NONE, blocks, small.verification(), small.standing());
        assertThat(export.write(BytePath.of("/d/a"), record)).isTrue();
        assertThat(export.write(ODD, Records.odd(1))).as("a digest of its own").isTrue();
        assertThat(out.toString(StandardCharsets.ISO_8859_1)).startsWith("e3069283  /d/a\n\\01020304  ");
    }

    @Test
    void writesHashdeep() throws IOException {
        var out = new ByteArrayOutputStream();
        var export = new HashdeepExport(out, List.of("sha256"));
        FileRecord record = withSha(Records.small(1), 0xAB);
        assertThat(export.write(BytePath.of("/d/a,b"), record)).isTrue();
        assertThat(export.write(BytePath.of("/d/a\nb"), record)).isFalse();
        assertThat(export.write(BytePath.of("/d/none"), Records.empty(1))).isFalse();
        export.end();
        assertThat(out)
                .hasToString("%%%% HASHDEEP-1.0\n%%%% size,sha256,filename\n"
                        + record.state().sizeBytes() + ",ab,/d/a,b\n");
    }

    @Test
    void comparesTwoHosts() throws IOException {
        byte[] here = export(
                file("/a", Records.small(1)),
                file("/d/gone", Records.small(2)),
                file("/d/other", withSha(Records.small(3), 1)),
                file("/d/unknown", withSha(Records.small(4), 1)),
                file("/d-/x", Records.small(5)));
        byte[] there = export(
                file("/a", Records.small(1)),
                file("/d/new", Records.small(9)),
                file("/d/other", withSha(Records.small(3), 2)),
                file("/d/unknown", withSha(Records.small(4), 0)),
                file("/d-/x", Records.small(5).with(Verdict.MOVED)));
        var differences = new ArrayList<String>();
        ExportDiff.Summary summary = new ExportDiff(
                        read(here),
                        "here",
                        read(there),
                        "there",
                        (kind, path) -> differences.add(kind.label() + " " + path))
                .run();
        assertThat(differences)
                .containsExactly(
                        "only in the first /d/gone",
                        "only in the second /d/new",
                        "differs /d/other",
                        "not comparable /d/unknown");
        assertThat(summary).isEqualTo(new ExportDiff.Summary(2, 1, 1, 1, 1));
        assertThat(summary.isSame()).isFalse();
        assertThat(new ExportDiff(read(here), "a", read(here), "b", (kind, path) -> {})
                        .run()
                        .isSame())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void refusesExportsThatAreNotInOrder(boolean first) throws IOException {
        byte[] bad = export(file("/b", Records.small(1)), file("/a", Records.small(1)));
        byte[] good = export(file("/a", Records.small(1)));
        assertThatThrownBy(() -> new ExportDiff(
                                read(first ? bad : good),
                                "first",
                                read(first ? good : bad),
                                "second",
                                (kind, path) -> {})
                        .run())
                .hasMessage(
                        (first ? "first" : "second") + ":3: is not in the order of names; export the catalog again");
    }
}
