// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refused in the service's sections, where, and in which words. */
class ServiceProblemsTest {
    @TempDir
    Path directory;

    private ServiceFile file;

    @BeforeEach
    void makeFiles() throws IOException {
        file = ServiceFile.in(directory);
    }

    private void setMode(String name, String permissions) throws IOException {
        Files.setPosixFilePermissions(directory.resolve(name), PosixFilePermissions.fromString(permissions));
    }

    @Test
    void nameCombinationsOfTheCatalogThatContradictEachOther() throws IOException {
        assertThat(file.problems("""
                catalog: { directory: nowhere, backups: data/file, place: x }
                workers: { w: { command: [cat] } }
                sources:
                  a: { paths: [data], verify-within: 30d }
                  b: { paths: [data], between: "01:00-05:00" }
                  c: { paths: [data], verify: true, workers: [w] }
                  d: { paths: [data/file], verify: true, verify-within: 30d }
                  e: { paths: [data], verify: true, verify-within: 30d, at-start: true, order: inode }
                  f: { paths: [data], verify: true, verify-within: 30d, between: "01:00-01:00" }
                """))
                .containsExactly(
                        "1:12: catalog.directory: @/nowhere: statx: No such file or directory (ENOENT)",
                        "1:32: catalog.backups: @/data/file is not a directory",
                        "1:52: catalog.place: unknown key; there are directory, backups",
                        "4:23: sources.a.verify-within: needs 'verify: true'",
                        "5:23: sources.b.between: needs 'verify-within'; other sources start by 'every' or 'cron'",
                        "7:16: sources.d.paths[1]: @/data/file is not a directory",
                        "8:57: sources.e.at-start: cannot be combined with 'verify-within', which decides what a run"
                                + " reads and when",
                        "8:73: sources.e.order: cannot be combined with 'verify-within', which decides what a run"
                                + " reads and when",
                        "9:57: sources.f.between: '01:00-01:00' ends when it begins; write \"00:00-24:00\" for the whole"
                                + " day");
    }

    @Test
    void findNoneInASourceWithEveryKeyOfThePromise() throws IOException {
        assertThat(file.problems("""
                workers: { index: { command: [cat] } }
                sources:
                  backups: { paths: [data], include: ["*.tar.zst"], every: 24h, digests: [crc32c, sha256],
                    workers: [index], cache: neutral, rate: 200MiB/s, yield-above: { io-pressure: 20% },
                    verify: true, verify-within: 30d, between: "01:00-05:00", min-files: 1 }
                """)).isEmpty();
    }

    @Test
    void areAllToldAtOnceInTheOrderOfTheFile() throws IOException {
        setMode("password", "rw-r--r--");
        assertThat(file.problems("""
                state-directory: no/where
                runtime-directory: data/file
                http:
                  listen: example.org:80
                  hosts: [a, "b:80", a]
                jmx: { listen: "0.0.0.0:9847", tls: { key-store: data, password-file: password } }
                roots: data
                reserv: 5%
                limits: { rate: -1/s, parallel: 257, yield-above: { io-presure: 20% } }
                pools:
                  .hidden: { directory: wal, file-size: 64M, ready: 100001 }
                  twin: { directory: wal, file-size: 0, ready: 1, name: segment, mode: 0640 }
                  wal: { directory: nowhere, file-size: 1, ready: -1, fill: zeros, owner: nobody-here, reserve: 101% }
                workers:
                  index: { command: [cat] }
                sources:
                  "a b": { include: [x, x] }
                  s:
                    paths: []
                    order: random
                    every: 0s
                    cron: "0 3 * * *"
                    digests: [sha3]
                    workers: [idnex]
                    fallback: neutral
                    read-size: 1KiB
                    yield-above: { io-pressure: 0% }
                    at-start: "true"
                """))
                .containsExactly(
                        "1:1: state-directory: @/no: statx: No such file or directory (ENOENT)",
                        "2:1: runtime-directory: @/data/file is not a directory",
                        "4:3: http.listen: 'example.org' is not a numeric address; names are not looked up: write"
                                + " 127.0.0.1, [::1] or localhost",
                        "5:14: http.hosts[2]: 'b:80' is not a host; write a name or an address, without a port:"
                                + " status.example.org, 192.0.2.7, [2001:db8::7]",
                        "5:22: http.hosts[3]: is in the list already",
                        "6:8: jmx.listen: 0.0.0.0 can be reached from other machines, and its clients"
                                + " control the service: that needs both access and tls; access is missing",
                        "6:32: jmx.tls.trust-store: is required and missing",
                        "6:39: jmx.tls.key-store: @/data is not a regular file",
                        "6:56: jmx.tls.password-file: @/password has mode 0644, which lets others read it; chmod"
                                + " g-w,o-rwx, 0640 at most",
                        "7:1: roots: must be a list, as [a, b], not a single value",
                        "8:1: reserv: unknown key; did you mean 'reserve'?",
                        "9:11: limits.rate: '-1/s' is not a rate; write 200MiB/s, 1GB/s or none",
                        "9:23: limits.parallel: '257' is not within 1 to 256",
                        "9:53: limits.yield-above.io-presure: unknown key; did you mean 'io-pressure'?",
                        "11:3: pools..hidden: a name is made of letters, digits, '.', '-' and '_', 64 at most, and does"
                                + " not begin with a dot",
                        "11:30: pools..hidden.file-size: '64M' is not a size; write 4096, 64MiB or 1GB",
                        "11:46: pools..hidden.ready: '100001' is not within 0 to 100000",
                        "12:11: pools.twin.directory: @/wal is the directory of pool '.hidden', @/wal; each pool needs"
                                + " one to itself",
                        "12:27: pools.twin.file-size: '0' is not within 1 to 8 EiB - 1",
                        "12:51: pools.twin.name: there is no number in the name; write %d, or as in segment-%016x",
                        "12:66: pools.twin.mode: write \"0640\", in quotes: without them some read it as an octal"
                                + " number, and some as a decimal one",
                        "13:10: pools.wal.directory: @/nowhere: statx: No such file or directory (ENOENT)",
                        "13:44: pools.wal.ready: '-1' is not within 0 to 100000",
                        "13:55: pools.wal.fill: 'zeros' is not one of reserve or zero",
                        "13:68: pools.wal.owner: there is no user 'nobody-here' on this machine",
                        "13:88: pools.wal.reserve: '101%' is not within 0% to 100%",
                        "17:3: sources.a b: a name is made of letters, digits, '.', '-' and '_', 64 at most, and does"
                                + " not begin with a dot",
                        "17:3: sources.a b.paths: is required and missing",
                        "17:25: sources.a b.include[2]: is in the list already",
                        "19:5: sources.s.paths: names nothing to scan",
                        "20:5: sources.s.order: 'random' is not one of directory, name, inode, size or oldest",
                        "21:5: sources.s.every: a period is 1s to 36500d",
                        "22:5: sources.s.cron: cannot be combined with 'every'; a source has one of them",
                        "23:15: sources.s.digests[1]: 'sha3' is not one of crc32c, xxh3, sha256, sha512, sha1, md5, blake2b-512, sha3-256 or sha512-256",
                        "24:15: sources.s.workers[1]: this file has no worker 'idnex'; did you mean 'index'?",
                        "25:5: sources.s.fallback: 'neutral' is not one of drop or keep",
                        "26:5: sources.s.read-size: '1KiB' is not within 64KiB to 64MiB",
                        "27:20: sources.s.yield-above.io-pressure: 0% would never read, because some task always waits"
                                + " a little; use more than 0%, up to 100%",
                        "28:5: sources.s.at-start: 'true' must be written without quotes");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            http: {listen: 127.0.0.1}       | 1:8: http.listen: '127.0.0.1' is not an address with a port; write 127.0.0.1:9847 or [::1]:9847, the port 0 to 65535
            http: {listen: "[::1]:70000"}   | 1:8: http.listen: a port is 0 to 65535, not 70000
            http: {listen: "224.0.0.1:1"}   | 1:8: http.listen: 224.0.0.1 is an address of many, where none listens
            http: {listen: 127.0.0.1:9848}  | 1:8: http.listen: http and jmx cannot both have port 9848; each needs its own
            jmx: {listen: 127.0.0.1:9847}   | 1:7: jmx.listen: http and jmx cannot both have port 9847; each needs its own
            jmx: {listen: off}              | 1:7: jmx.listen: JMX is what 'millrace ctl' speaks, so it is never off
            jmx: {listen: 10.0.0.1:1}       | 1:7: jmx.listen: 10.0.0.1 can be reached from other machines, and its clients control the service: that needs both access and tls; access and tls are missing
            jmx: {access: none}             | 1:7: jmx.access: @/none: statx: No such file or directory (ENOENT)
            jmx: {access: data}             | 1:7: jmx.access: @/data is not a regular file
            jmx: {tls: p12}                 | 1:7: jmx.tls: must be keys with values, not a single value
            roots: [data, data/.]           | 1:15: roots[2]: is in the list already
            roots: [/, data/file]           | 1:12: roots[2]: @/data/file is not a directory
            roots: [data, [wal]]            | 1:15: roots[2]: must be a single value, not a list
            roots: [data/../none]           | 1:9: roots[1]: @/none: statx: No such file or directory (ENOENT)
            reserve: 1.5                    | 1:1: reserve: '1.5' is not a reserve; write 10GiB, or 0% to 100%
            reserve: 5d%                    | 1:1: reserve: '5d%' is not a share; write 20% or 2.5%
            reserve: -1%                    | 1:1: reserve: '-1%' is not a share; write 20% or 2.5%
            limits: {rate: 200}             | 1:10: limits.rate: '200' has no unit; write 200MiB/s or 200B/s
            limits: {rate: 200/min}         | 1:10: limits.rate: '200/min' is not a rate; write 200MiB/s, 1GB/s or none
            limits: {parallel: 0}           | 1:10: limits.parallel: '0' is not within 1 to 256
            limits: {parallel: 99999999999} | 1:10: limits.parallel: '99999999999' is not within 1 to 256
            limits: {parallel: two}         | 1:10: limits.parallel: 'two' is not a whole number
            limits: {yield-above: 20%}      | 1:10: limits.yield-above: must be keys with values, not a single value
            limits: {read-size: 1MiB}       | 1:10: limits.read-size: unknown key; there are rate, parallel, io-class, yield-above
            pools: {a: }                    | 1:9: pools.a.directory: is required and missing
            sources: {a: {paths: [x]}}      | 1:23: sources.a.paths[1]: @/x: statx: No such file or directory (ENOENT)
            sources: {a: {paths: data}}     | 1:15: sources.a.paths: must be a list, as [a, b], not a single value
            sources: {a: {paths: }}         | 1:15: sources.a.paths: names nothing to scan
            sources: {a: {paths: [/], workers: [b]}} | 1:37: sources.a.workers[1]: this file has no worker 'b', nor any other
            sources: {a: {paths: [/], every: 500ms}} | 1:27: sources.a.every: a period is 1s to 36500d
            sources: {a: {paths: [/], every: 24}}    | 1:27: sources.a.every: '24' is not a duration; write 500ms, 30s, 5m, 24h or 7d
            sources: {a: {paths: [/], cron: "0 25 * * *"}} | 1:27: sources.a.cron: '0 25 * * *' is not a crontab(5) line: hour 25 is not in 0-23
            sources: {a: {paths: [/], include: ["a["]}}    | 1:37: sources.a.include[1]: pattern 'a[' has a bracket that is not closed
            sources: {a: {paths: [/], yield-above: {io-pressure: 100.1%}}} | 1:41: sources.a.yield-above.io-pressure: '100.1%' is not within 0% to 100%
            """)
    void nameTheKeyAtFault(String text, String first) throws IOException {
        assertThat(file.problems(text).get(0)).isEqualTo(first);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            mode: "0888"      | '0888' is not a mode from 0000 to 0777, octal
            mode: "4755"      | '4755' is not a mode from 0000 to 0777, octal
            mode: rw-r-----   | 'rw-r-----' is not a mode from 0000 to 0777, octal
            mode: 416         | write "416", in quotes: without them some read it as an octal number, and some as a decimal one
            mode: 0o640       | '0o640' is not a mode from 0000 to 0777, octal
            owner: 4294967295 | '4294967295' is not within 0 to 4294967294
            owner: -1         | there is no user '-1' on this machine
            group: "a:b"      | there is no group 'a:b' on this machine
            name: a/%d        | a name has no slash in it
            name: .%d         | a name that begins with a dot would be hidden
            """)
    void nameWhatAPoolCannotHave(String line, String message) throws IOException {
        assertThat(file.problems(
                        "pools:\n  a:\n    directory: wal\n    file-size: 1\n    ready: 1\n    " + line + "\n"))
                .containsExactly("6:5: pools.a." + line.replaceFirst(":.*", "") + ": " + message);
    }

    @Test
    void tellASourceWhoseResultsWouldBeThoseOfRequests() throws IOException {
        assertThat(file.problems("sources:\n  request: {paths: [data]}\n"))
                .containsExactly("2:3: sources.request: is reserved for scans without a source; choose another name");
    }

    @Test
    void tellWhereALinkBeforeDotsLeadsElsewhere() throws IOException {
        Files.createDirectories(directory.resolve("far/off"));
        Files.createDirectories(directory.resolve("far/data"));
        Files.createSymbolicLink(directory.resolve("link"), Path.of("far/off"));
        String why =
                " this leads elsewhere than @/data, because a symbolic link comes before '..'; write the absolute path";
        assertThat(file.problems("roots: [link/../data]\nstate-directory: link/../state\n"))
                .containsExactly("1:9: roots[1]:" + why, "2:1: state-directory:" + why.replace("@/data", "@"));
        assertThat(file.problems("roots: [link/../off]")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"rw-r--r--, 0644, read", "rw-r----x, 0641, read", "rw-rw----, 0660, change", "rwxrwxrwx, 0777, change"})
    void tellWhoElseMayHaveASecret(String permissions, String mode, String what) throws IOException {
        setMode("users", permissions);
        assertThat(file.problems("jmx: {access: users}"))
                .containsExactly("1:7: jmx.access: @/users has mode " + mode + ", which lets others " + what
                        + " it; chmod g-w,o-rwx, 0640 at most");
    }

    @Test
    void doNotFollowFromOneAnother() throws IOException {
        setMode("users", "rw-rw-rw-");
        assertThat(file.problems("jmx: {listen: '0.0.0.0:1', access: users, tls: {key-store: x, trust-store: x,"
                        + " password-file: x}}"))
                .hasSize(4)
                .noneMatch(line -> line.contains("jmx.listen"));
        assertThat(file.problems("workers: {a: {comand: x}}\nsources: {s: {paths: [/], workers: [a]}}"))
                .hasSize(2)
                .allMatch(line -> line.contains("workers.a.com"));
        assertThat(file.problems("pools: &x\n  a: b\n")).hasSize(1);
    }

    @Test
    void listSomeWorkersOfMany() throws IOException {
        String workers = IntStream.range(0, 50)
                .mapToObj(i -> "  worker-" + i + ": {command: x}\n")
                .collect(Collectors.joining());
        assertThat(file.problems("sources: {s: {paths: [/], workers: [qq]}}\nworkers:\n" + workers))
                .containsExactly("1:37: sources.s.workers[1]: this file has no worker 'qq'; there are "
                        + IntStream.range(0, 10).mapToObj(i -> "worker-" + i).collect(Collectors.joining(", "))
                        + " and others");
    }

    @Test
    void areFewAndShortWhateverIsWritten() throws IOException {
        String huge = "x".repeat(100_000);
        for (String text : List.of(
                "workers: {" + huge + "y: {command: x}}\nsources: {s: {paths: [/], workers: [" + huge + "]}}",
                "limits: {rate: 1" + "0".repeat(100_000) + "/s}",
                "limits: {parallel: 1" + "0".repeat(100_000) + "}",
                "reserve: 1" + "0".repeat(100_000) + "%",
                "pools: {" + huge + ": {directory: wal, file-size: 1, ready: 1}}",
                "pools: {a: {directory: wal, file-size: 1, ready: 1, name: " + huge + "%d}}",
                "http: {listen: " + huge + ":1}",
                "http: {hosts: [" + huge + "]}",
                "pools: {a: {directory: wal, file-size: 1, ready: 1, owner: " + huge + "}}",
                "roots: [" + huge + "]")) {
            assertThat(file.problems(text))
                    .as(text.substring(0, 60))
                    .isNotEmpty()
                    .hasSizeLessThan(3)
                    .allMatch(line -> line.length() < 1_200);
        }
    }
}
