// SPDX-License-Identifier: Apache-2.0
package io.millrace.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.catalog.record.Verdict;
import io.millrace.lifecycle.CancellationToken;
import io.millrace.pagecache.CachePolicy;
import io.millrace.pagecache.ReadPlan;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.scan.BulkScanner;
import io.millrace.scan.FileResult;
import io.millrace.scan.ScanListener;
import io.millrace.scan.ScanOptions;
import io.millrace.scan.Workers;
import io.millrace.scan.throttle.RateLimiter;
import io.millrace.scan.walk.WalkSpec;
import io.millrace.testkit.Amount;
import io.millrace.testkit.Command;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The verdicts of {@code sha256sum --check}, {@code md5sum --check} and {@code hashdeep -a} on trees with hostile names and planted
 * changes are those of {@link ManifestCheck}.
 */
class VerifyTreesIT {
    private static final int TREES = Amount.of(3, 10, 100);
    private static final Posix POSIX = LinuxPosix.create();

    private Path directory;

    @BeforeEach
    void makeDirectory() throws IOException {
        directory = Files.createTempDirectory("millrace-verify-").toRealPath();
    }

    @AfterEach
    void removeDirectory() throws Exception {
        String unused = Command.run("rm", "-rf", "--", directory);
    }

    @Test
    void agreesWithOtherToolsOnHostileTrees() throws Exception {
        Command.assumeExists("python3");
        Command.assumeExists("hashdeep");
        Path script = script();
        long first = Long.getLong("millrace.seed", System.nanoTime() & 0xFFFFFF);
        System.out.println("VerifyTreesIT: -Dmillrace.seed=" + first);
        int failures = 0;
        for (long seed = first; seed < first + TREES; seed++) {
            Path base = Files.createDirectory(directory.resolve("seed-" + seed));
            String unused = Command.run("python3", script, seed, base);
            failures += compare(base, "seed " + seed);
        }
        assertThat(failures).as("planted changes that were found").isGreaterThan(TREES);
    }

    private Path script() throws IOException {
        Path script = directory.resolve("hostile_tree.py");
        try (InputStream in = VerifyTreesIT.class.getResourceAsStream("hostile_tree.py")) {
            Files.copy(in, script);
        }
        return script;
    }

    private static int compare(Path base, String seed) throws Exception {
        List<FileVerdict> sums = verify(base.resolve("sha256"));
        assertThat(lines(sums)).as(seed + " sha256").isEqualTo(latin(base.resolve("sha256.said")));
        assertThat(lines(verify(base.resolve("sha256.tag")))).as(seed + " tag").isEqualTo(lines(sums));
        assertThat(lines(verify(base.resolve("sha256.zero"))))
                .as(seed + " zero")
                .isEqualTo(lines(sums));
        assertThat(lines(verify(base.resolve("md5")))).as(seed + " md5").isEqualTo(latin(base.resolve("md5.said")));
        List<FileVerdict> deep = verify(base.resolve("hashdeep"));
        assertThat(goodness(deep)).as(seed + " hashdeep, against sha256sum").isEqualTo(goodness(sums));
        assertThat(goodness(deep)).as(seed + " hashdeep").containsAllEntriesOf(audited(base.resolve("hashdeep.said")));
        List<FileVerdict> all = verify(base.resolve("hashdeep"), base.resolve("sha256"), base.resolve("md5"));
        assertThat(goodness(all)).as(seed + " all manifests in one read").isEqualTo(goodness(sums));
        return (int) sums.stream().filter(each -> each.verdict().isFailure()).count();
    }

    private static List<FileVerdict> verify(Path... manifests) throws Exception {
        var stop = new CancellationToken();
        var problems = new ArrayList<String>();
        var check = new ManifestCheck(POSIX, problems::add, stop);
        for (Path manifest : manifests) {
            check.load(BytePath.of(manifest.toString()), Optional.empty());
        }
        assertThat(problems).isEmpty();
        var wish = new ReadPlan.Wish(CachePolicy.NEUTRAL, Optional.empty(), CachePolicy.DROP, false);
        var options = new ScanOptions(Set.of(), wish, 2, ScanOptions.DEFAULT_READ_BYTES, Optional.empty());
        var verdicts = new ArrayList<FileVerdict>();
        var limiter = new RateLimiter(RateLimiter.UNLIMITED);
        var unused = new BulkScanner(POSIX, options.choosing(check.algorithms(), check), Workers.NONE, limiter, stop)
                .scan(WalkSpec.ofFiles(check.files()), new ScanListener() {
                    @Override
                    public void fileFinished(FileResult result) {
                        verdicts.add(check.judge(result));
                    }
                });
        return verdicts;
    }

    /** As {@code sha256sum --check} prints them; a char for each byte. */
    private static String lines(List<FileVerdict> verdicts) {
        var text = new StringBuilder();
        for (FileVerdict each : verdicts) {
            String name = latin(each.result().path());
            boolean escaped = name.contains("\n");
            String shown = escaped
                    ? "\\" + name.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
                    : name;
            text.append(shown)
                    .append(
                            switch (each.verdict()) {
                                case OK -> ": OK\n";
                                case MODIFIED -> ": FAILED\n";
                                default -> ": FAILED open or read\n";
                            });
        }
        return text.toString();
    }

    private static Map<String, String> goodness(List<FileVerdict> verdicts) {
        var all = new HashMap<String, String>();
        for (FileVerdict each : verdicts) {
            String name = latin(each.result().path());
            if (!name.endsWith("\n")) { // at the end of hashdeep's file, that is an empty line
                all.put(name, each.verdict() == Verdict.OK ? "ok" : "bad");
            }
        }
        return all;
    }

    private static Map<String, String> audited(Path file) throws IOException {
        String[] words = latin(file).split("\0");
        var all = new HashMap<String, String>();
        for (int i = 0; i < words.length; i += 2) {
            all.put(words[i], words[i + 1]);
        }
        return all;
    }

    private static String latin(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    }

    private static String latin(BytePath path) {
        return new String(path.toBytes(), StandardCharsets.ISO_8859_1);
    }
}
