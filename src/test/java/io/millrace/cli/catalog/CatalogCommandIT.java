// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.catalog.Catalog;
import io.millrace.catalog.Records;
import io.millrace.catalog.WriteBatch;
import io.millrace.catalog.record.FileRecord;
import io.millrace.catalog.record.Verdict;
import io.millrace.cli.Main;
import io.millrace.cli.SeveralCommands;
import io.millrace.posix.libc.BytePath;
import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Command;
import io.millrace.testkit.Settled;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code millrace catalog} in processes of its own. {@code -Dmillrace.records=100000} for as many records in bounded memory.
 */
@Timeout(600)
class CatalogCommandIT {
    private static final int RECORDS = Integer.getInteger("millrace.records", 20_000);

    @TempDir
    private Path directory;

    private Path data;
    private RecordedFiles catalog;

    /** Of one command. */
    private record Said(int exitCode, String out, String err) {}

    @BeforeEach
    void make() throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        data = Files.createDirectory(directory.resolve("data"));
        catalog = new RecordedFiles(Files.createDirectory(directory.resolve("catalog")));
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(data.resolve(name), content);
    }

    private ChildJvm of(Class<?> main, Object... words) {
        return ChildJvm.of(main, words)
                .environment("MILLRACE_CATALOG", directory.resolve("catalog").toString());
    }

    private ChildJvm.Result one(Object... words) throws Exception {
        var command = new ArrayList<Object>(List.of("catalog"));
        command.addAll(List.of(words));
        return of(Main.class, command.toArray()).run();
    }

    /** Runs commands one after the other in one JVM. */
    private List<Said> several(List<List<Object>> commands) throws Exception {
        var words = new ArrayList<Object>();
        for (List<Object> command : commands) {
            words.addAll(words.isEmpty() ? List.of("catalog") : List.of("::", "catalog"));
            words.addAll(command);
        }
        var result = of(SeveralCommands.class, words.toArray()).run();
        assertThat(result.exitCode()).as(result.toString()).isZero();
        String[] errs = result.err().split("(?m)^== \\d+\n", -1);
        var said = new ArrayList<Said>();
        var ends = Pattern.compile("(?m)(?:^|(?<=\\x00))== (\\d+)\n").matcher(result.out());
        int from = 0;
        while (ends.find()) {
            said.add(new Said(
                    Integer.parseInt(ends.group(1)), result.out().substring(from, ends.start()), errs[said.size()]));
            from = ends.end();
        }
        assertThat(said).hasSameSizeAs(commands);
        return said;
    }

    private Path saved(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content);
    }

    @Test
    void manifestsComeInAndOutAndAnExportFillsAnEmptyCatalog() throws Exception {
        Path a = write("a", "one");
        Path b = write("b", "two");
        Path link = Files.createLink(data.resolve("link"), a);
        String unused = Command.run(
                "bash", "-c", "cd " + data + " && sha256sum a b link > ../SUMS && md5sum --tag a b > ../MD5");
        unused = Command.run(
                "bash",
                "-c",
                "cd " + data + "; echo nonsense >> ../SUMS; echo $(printf 0%.0s {1..64}) ' gone' >> ../SUMS");
        unused = Command.run("bash", "-c", "cd " + data + "; hashdeep -c md5,sha256 -b a b > ../DEEP");
        var imported = of(Main.class, "catalog", "import", "--json", "../SUMS", "../MD5")
                .under("env", "-C", data.toString())
                .run();
        assertThat(imported.exitCode()).isEqualTo(1);
        assertThat(imported.out())
                .isEqualTo("{\"type\":\"summary\",\"recorded\":5,\"kept\":0,\"failed\":1,\"files_failed\":0,"
                        + "\"malformed_lines\":1,\"stopped\":false}\n");
        assertThat(imported.err().lines())
                .containsExactly(
                        "millrace: created " + directory + "/catalog/catalog.db",
                        "millrace: ../SUMS:4: is not a checksum line",
                        "millrace: " + data + "/gone: open: No such file or directory (ENOENT)",
                        "millrace: imported 5 names; 1 failed");
        List<Said> said = several(List.of(
                List.of("export", "--format", "sums"),
                List.of("export", "--format", "sums", "--digest", "md5", "-0", b),
                List.of("export", "--format", "hashdeep", "--digest", "md5,sha256"),
                List.of("export"),
                List.of("export", "--format", "sums", "--digest", "sha1", a),
                List.of("export", directory.resolve("nothing")),
                List.of("export", "--digest", "md5"),
                List.of("export", "--format", "sums", "--digest", "md5,sha1"),
                List.of("stats")));
        assertThat(said).extracting(Said::exitCode).containsExactly(0, 0, 0, 0, 1, 1, 2, 2, 0);
        Path sums = saved("SUMS.out", said.get(0).out());
        assertThat(Command.run("sha256sum", "-c", sums)).isEqualTo(a + ": OK\n" + b + ": OK\n" + link + ": OK\n");
        assertThat(said.get(1).out()).matches("[0-9a-f]{32}  " + b + "\0");
        assertThat(Command.run(
                        "hashdeep", "-a", "-k", saved("DEEP.out", said.get(2).out()), a, b, link))
                .isEqualTo("hashdeep: Audit passed\n");
        assertThat(said.get(4).err()).isEqualTo("millrace: exported 0 names; 1 cannot be written in this format\n");
        assertThat(said.get(5).err())
                .startsWith("millrace: " + directory + "/nothing: the catalog has nothing of it\n");
        assertThat(said.get(8).out()).contains("2 files, 6 B; 3 names in 1 directory", "new          2    6 B");
        Path export = saved("export.ndjson", said.get(3).out());
        Path other = Files.createDirectory(directory.resolve("other"));
        List<Said> again = several(List.of(
                List.of("import", "--catalog", other, export),
                List.of("export", "--catalog", other),
                List.of("import", "--catalog", other, export),
                List.of("diff", export, export)));
        assertThat(again).extracting(Said::exitCode).containsOnly(0);
        assertThat(again.get(1).out()).isEqualTo(said.get(3).out());
        assertThat(again.get(2).err()).isEqualTo("millrace: imported 3 names\n");
        assertThat(again.get(3).err())
                .isEqualTo("millrace: 3 the same, 0 differing, 0 only in the first, 0 only in the second\n");
    }

    @Test
    void whatWasReadIsNotReplacedByAnImport() throws Exception {
        Path a = write("a", "one");
        catalog.record(a);
        FileRecord before = catalog.find(a);
        Path sums = saved("SUMS", "0".repeat(64) + "  " + a + "\n");
        var kept = one("import", sums);
        assertThat(kept.exitCode()).isZero();
        assertThat(kept.err()).isEqualTo("millrace: imported 0 names; 1 kept, being recorded already\n");
        assertThat(catalog.find(a)).isEqualTo(before);
        Path torn = saved("torn.ndjson", "{\"type\":\"catalog\",\"version\":1}\n");
        assertThat(one("import", torn).err())
                .isEqualTo("millrace: " + torn + ":1: ends before its summary\nmillrace: imported 0 names\n");
    }

    @Test
    void hostsAreComparedByTheirExports() throws Exception {
        Path a = write("a", "one");
        Path odd = Path.of(Files.createFile(data.resolve("new\nline")).toString());
        catalog.record(a, odd);
        Path first = saved("first", one("export").out());
        Files.writeString(a, "ONE");
        Path c = write("c", "three");
        catalog.record(a, c);
        Path second = saved("second", one("export").out());
        List<Said> said = several(List.of(
                List.of("diff", first, second), List.of("diff", "--json", second, first), List.of("diff", first, a)));
        assertThat(said).extracting(Said::exitCode).containsExactly(1, 1, 1);
        assertThat(said.get(0).out()).isEqualTo(a + ": differs\n" + c + ": only in the second\n");
        assertThat(said.get(1).out().lines())
                .containsExactly(
                        "{\"type\":\"difference\",\"path\":\"" + a + "\",\"difference\":\"differs\"}",
                        "{\"type\":\"difference\",\"path\":\"" + c + "\",\"difference\":\"only in the first\"}",
                        "{\"type\":\"summary\",\"same\":1,\"only_first\":1,\"only_second\":0,\"differing\":1,"
                                + "\"not_comparable\":0}");
        assertThat(said.get(2).err()).startsWith("millrace: " + a + ":1: is no JSON");
    }

    @Test
    void contentIsAcceptedWhereItIsSettled() throws Exception {
        Path bad = write("bad", "was right");
        Path dirty = write("dirty", "x");
        Path unknown = write("unknown", "y");
        catalog.record(record -> record.with(Verdict.CORRUPT), bad, dirty);
        try (var file = new RandomAccessFile(bad.toFile(), "rw")) {
            file.write('W');
            file.getFD().sync();
        }
        Settled.await();
        var dry = one("accept", "--dry-run", bad);
        assertThat(dry.out()).as(dry.toString()).isEqualTo(bad + ": WOULD BE ACCEPTED (was corrupt)\n");
        assertThat(catalog.find(bad).verdict()).isEqualTo(Verdict.CORRUPT);
        ChildJvm.Result done;
        Process writer = new ProcessBuilder(
                        "bash", "-c", "while printf z >> \"$0\"; do sleep 0.1; done", dirty.toString())
                .start();
        try {
            done = one("accept", "--json", bad, dirty, unknown, data);
        } finally {
            writer.destroyForcibly().waitFor();
        }
        assertThat(done.exitCode()).isEqualTo(1);
        assertThat(done.out().lines().toList().get(0))
                .isEqualTo("{\"type\":\"file\",\"path\":\"" + bad
                        + "\",\"accepted\":true,\"verdict_before\":\"corrupt\",\"bytes\":9,\"error\":null}");
        assertThat(done.err().lines())
                .anyMatch(line -> line.startsWith("millrace: " + dirty + ": not accepted: unsettled: "))
                .contains(
                        "millrace: " + unknown + ": not accepted: the catalog does not know it",
                        "millrace: " + data + ": is a directory; name its files",
                        "millrace: accepted 1 file, 9 B; 3 not accepted");
        FileRecord record = catalog.find(bad);
        assertThat(record.verdict()).isEqualTo(Verdict.OK);
        assertThat(record.digests()).isEqualTo(RecordedFiles.of(bad).digests());
        assertThat(record.blocks().crc32c(0))
                .isEqualTo(RecordedFiles.of(bad).blocks().crc32c(0));
        assertThat(record.verification().lastVerified()).isGreaterThan(RecordedFiles.VERIFIED);
    }

    @Test
    void namesAreForgottenAndMissingOnesOnlyIfTheyAreMissingStill() throws Exception {
        Path here = write("here", "1");
        Path gone = write("gone", "2");
        Path back = write("back", "3");
        Path link = Files.createLink(data.resolve("link"), here);
        catalog.record(here, link);
        catalog.record(record -> record.with(Verdict.MISSING), gone, back);
        Files.delete(gone);
        List<Said> said = several(List.of(
                List.of("forget", "--missing", "--dry-run", data),
                List.of("forget", "--missing", data),
                List.of("forget", link),
                List.of("stats"),
                List.of("forget", "--json", directory + "//./data/"),
                List.of("forget", data)));
        assertThat(said).extracting(Said::exitCode).containsExactly(0, 0, 0, 0, 0, 1);
        assertThat(said)
                .extracting(Said::err)
                .startsWith(
                        "millrace: would forget 1 missing name\n",
                        "millrace: forgot 1 missing name\n",
                        "millrace: forgot 1 name\n")
                .endsWith(
                        "millrace: forgot 2 names\n",
                        "millrace: " + data + ": the catalog has nothing of it\nmillrace: forgot 0 names\n");
        assertThat(said.get(3).out()).contains("2 files, 2 B; 2 names");
        assertThat(said.get(4).out())
                .isEqualTo("{\"type\":\"path\",\"path\":\"" + data + "\",\"names\":2}\n"
                        + "{\"type\":\"summary\",\"names\":2,\"dry_run\":false}\n");
    }

    @Test
    void backupsAreWholeAndReplaceNothingElse() throws Exception {
        catalog.record(write("a", "one"));
        Path file = directory.resolve("backup.db");
        Path notes = saved("notes", "mine");
        Path place = Files.createDirectory(directory.resolve("place"));
        List<Said> said = several(List.of(
                List.of("backup", file),
                List.of("backup", "--json", file),
                List.of("backup", notes),
                List.of("backup", directory.resolve("catalog/catalog.db")),
                List.of("backup", place),
                List.of("export")));
        assertThat(said).extracting(Said::exitCode).containsExactly(0, 0, 1, 1, 0, 0);
        assertThat(said.get(1).out())
                .isEqualTo("{\"type\":\"summary\",\"target\":\"" + file + "\",\"bytes\":" + Files.size(file) + "}\n");
        assertThat(said.get(2).err())
                .isEqualTo("millrace: " + notes + ": copy: is there, and is no backup of a catalog; left as it is\n");
        assertThat(notes).hasContent("mine");
        assertThat(said.get(3).err())
                .isEqualTo("millrace: " + directory + "/catalog/catalog.db: copy: is the catalog itself\n");
        try (var files = Files.list(place)) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .singleElement()
                    .asString()
                    .matches("catalog\\.db\\.backup-\\d{8}T\\d{6}Z");
        }
        Path restored = Files.createDirectory(directory.resolve("restored"));
        Files.copy(file, restored.resolve("catalog.db"));
        assertThat(one("export", "--catalog", restored).out())
                .isEqualTo(said.get(5).out());
    }

    @Test
    void aUserWhoMayOnlyReadReadsBesideAWriter() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "another user needs root");
        catalog.record(write("a", "one"));
        Path home = directory.resolve("catalog");
        Path place = Files.createDirectory(directory.resolve("open"));
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(home.resolve("catalog.db"), PosixFilePermissions.fromString("rw-r--r--"));
        Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxrwxrwx"));
        for (boolean isBeside : List.of(false, true)) {
            try (Catalog writer = isBeside ? catalog.open() : null;
                    WriteBatch batch = writer == null ? null : writer.begin()) {
                if (batch != null) {
                    batch.put(BytePath.of("/later"), Records.small(99));
                }
                for (List<String> words : List.of(
                        List.of("stats"),
                        List.of("export"),
                        List.of("forget", "--dry-run", "/"),
                        List.of("backup", place + "/b" + isBeside))) {
                    var command = new ArrayList<Object>(List.of("catalog"));
                    command.addAll(words);
                    var result = of(Main.class, command.toArray()).asNobody().run();
                    assertThat(result.exitCode()).as(words + " " + result).isZero();
                }
                var refused =
                        of(Main.class, "catalog", "forget", "/").asNobody().run();
                assertThat(refused.exitCode()).isEqualTo(1);
                assertThat(refused.err())
                        .isEqualTo(
                                "millrace: " + home + "/catalog.db: open: its directory may not be written, or the file"
                                        + " system is read-only\n");
            }
        }
        assertThat(one("stats").out()).contains("1 file, 3 B");
    }

    @Test
    void databasesOfOthersStayAsTheyAre() throws Exception {
        catalog.record(write("a", "one"));
        Path database = directory.resolve("catalog/catalog.db");
        byte[] good = Files.readAllBytes(database);
        byte[] newer = good.clone();
        newer[63] = 99; // user_version, big-endian at 60
        byte[] foreign = good.clone();
        foreign[68] = 1; // application_id
        byte[] garbage = "no database".repeat(1000).getBytes(StandardCharsets.US_ASCII);
        assertUntouched(newer, "has schema 99 of a newer Millrace, this one knows 1; left as it is");
        assertUntouched(foreign, "is a database of another program; left as it is");
        assertUntouched(garbage, "the database is damaged, or is none (SQLITE_NOTADB)");
    }

    private void assertUntouched(byte[] content, String why) throws Exception {
        Path database = directory.resolve("catalog/catalog.db");
        Files.write(database, content);
        Path file = data.resolve("a");
        List<Said> said = several(List.of(
                List.of("stats"),
                List.of("export"),
                List.of("import", saved("SUMS", "0".repeat(64) + "  " + file + "\n")),
                List.of("accept", file),
                List.of("forget", data),
                List.of("backup", directory.resolve("b")),
                List.of("rescue", file)));
        assertThat(said).extracting(Said::exitCode).containsOnly(1);
        assertThat(said)
                .extracting(Said::err)
                .allSatisfy(err -> assertThat(err)
                        .startsWith("millrace: " + database + ": ")
                        .endsWith(": " + why + "\n")
                        .hasLineCount(1));
        assertThat(database).hasBinaryContent(content);
        try (var files = Files.list(directory.resolve("catalog"))) {
            assertThat(files).containsExactly(database);
        }
        assertThat(directory.resolve("b")).doesNotExist();
    }

    @Test
    void manyRecordsTakeBoundedMemory() throws Exception {
        try (Catalog opened = catalog.open()) {
            try (WriteBatch batch = opened.begin()) {
                for (int i = 1; i <= RECORDS; i++) {
                    batch.put(BytePath.of("/data/" + i % 1000 + "/file-" + i), Records.small(i));
                }
                batch.commit();
            }
        }
        var exported = of(Main.class, "catalog", "export").option("-Xmx16m").run();
        assertThat(exported.exitCode()).as(exported.err()).isZero();
        Path export = saved("export.ndjson", exported.out());
        Path other = Files.createDirectory(directory.resolve("other"));
        for (List<Object> words : List.<List<Object>>of(
                List.of("import", "--catalog", other, export),
                List.of("diff", export, export),
                List.of("stats", "--catalog", other),
                List.of("forget", "--missing", "--catalog", other, "/"),
                List.of("forget", "--catalog", other, "/"))) {
            var command = new ArrayList<Object>(List.of("catalog"));
            command.addAll(words);
            var result = of(Main.class, command.toArray()).option("-Xmx16m").run();
            assertThat(result.exitCode()).as(result.err()).isZero();
        }
    }
}
