// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.daemon.config.Configuration;
import io.millrace.daemon.config.ConfigurationException;
import io.millrace.daemon.config.ConfigurationFile;
import io.millrace.daemon.config.ConfigurationProblem;
import io.millrace.daemon.config.PatientChecks;
import io.millrace.pagecache.CachePolicy;
import io.millrace.pagecache.ReadPlan;
import io.millrace.posix.IoPriority.IoClass;
import io.millrace.posix.IoPriority;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.prealloc.FillMode;
import io.millrace.prealloc.Reserve;
import io.millrace.prealloc.pool.NamePattern;
import io.millrace.prealloc.pool.PoolSpec;
import io.millrace.scan.ScanOptions;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.scan.job.ScanDefaults;
import io.millrace.scan.job.ScanRequest;
import io.millrace.scan.schedule.Schedule;
import io.millrace.scan.schedule.SourceSpec;
import io.millrace.scan.throttle.RateLimiter;
import io.millrace.scan.walk.FileFilter;
import io.millrace.scan.walk.FileOrder;
import io.millrace.telemetry.ListenAddress;
import io.millrace.telemetry.http.HttpOptions;
import io.millrace.telemetry.jmx.access.JmxOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service's sections, where they are good. */
class ServiceSectionsTest {
    @TempDir
    Path directory;

    private ServiceFile file;

    @BeforeEach
    void makeFiles() throws IOException {
        file = ServiceFile.in(directory);
    }

    private BytePath path(String name) {
        return BytePath.of(directory + "/" + name);
    }

    private Configuration full() throws IOException {
        return file.read(String.join("\n", ServiceFile.LINES));
    }

    @Test
    void takeEveryKeyOfTheTop() throws IOException {
        var read = full();
        assertThat(read.stateDirectory()).isEqualTo(path("state"));
        assertThat(read.runtimeDirectory()).isEqualTo(path("run"));
        assertThat(read.http())
                .isEqualTo(new HttpOptions(
                        ListenAddress.parse("127.0.0.1:9850"), List.of("status.example.org", "[2001:db8::7]")));
        assertThat(read.jmx())
                .isEqualTo(new JmxOptions(
                        ListenAddress.parse("192.0.2.1:9851"),
                        Optional.of(path("users")),
                        Optional.of(new JmxOptions.Tls(path("service.p12"), path("clients.p12"), path("password")))));
        assertThat(read.roots()).containsExactly(BytePath.of(directory.toString()), path("data"));
        assertThat(read.totalRate()).isEqualTo(400L << 20);
        assertThat(read.manners())
                .isEqualTo(new ScanDefaults(
                        OptionalInt.of(2), Optional.of(IoPriority.parse("idle")), OptionalDouble.of(0.2)));
        assertThat(read.workers()).containsOnlyKeys("count", "lines");
    }

    @Test
    void takeEveryKeyOfAPool() throws IOException {
        var pools = full().pools();
        assertThat(pools.keySet()).containsExactly("wal", "plain");
        assertThat(pools.get("wal"))
                .isEqualTo(new PoolSpec(
                        "wal",
                        path("wal"),
                        64 << 10,
                        2,
                        new NamePattern("w%%-%04d"),
                        FillMode.ZERO,
                        0600,
                        OptionalInt.of(0),
                        OptionalInt.of(-2),
                        new Reserve(1 << 30, 0)));
        assertThat(pools.get("plain"))
                .isEqualTo(new PoolSpec(
                        "plain",
                        path("plain"),
                        1,
                        0,
                        new NamePattern("plain-%016x"),
                        FillMode.RESERVE,
                        0640,
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        new Reserve(0, 7.5)));
    }

    @Test
    void takeEveryKeyOfASource() throws IOException {
        var sources = full().sources();
        assertThat(sources.keySet()).containsExactly("all", "plain");
        var options = new ScanOptions(
                Set.of(DigestAlgorithm.CRC32C, DigestAlgorithm.SHA256),
                new ReadPlan.Wish(CachePolicy.DROP, Optional.empty(), CachePolicy.KEEP, false),
                4,
                64 << 10,
                Optional.of(new IoPriority(IoClass.BEST_EFFORT, 7)));
        assertThat(sources.get("all"))
                .isEqualTo(new SourceSpec(
                        "all",
                        new ScanRequest(
                                Optional.of("all"),
                                List.of(path("data"), path("data/file")),
                                Optional.empty(),
                                new FileFilter(List.of("*.tar.zst", "logs/**/*.gz"), List.of("tmp")),
                                FileOrder.INODE,
                                options,
                                List.of("lines", "count"),
                                1_000_000,
                                OptionalDouble.of(0.025)),
                        new Schedule.Every(Duration.ofDays(1)),
                        true,
                        SourceSpec.DEFAULT_MIN_FILES));
    }

    @Test
    void giveASourceTheLimitsOfAllButTheirRate() throws IOException {
        var source = full().sources().get("plain");
        var what = source.what();
        assertThat(what.bytesPerSecond()).isEqualTo(RateLimiter.UNLIMITED);
        assertThat(what.yieldAbove()).hasValue(0.2);
        assertThat(what.options().parallelFiles()).isEqualTo(2);
        assertThat(what.options().ioPriority()).contains(new IoPriority(IoClass.IDLE, 0));
        assertThat(what.options().readBytes()).isEqualTo(ScanOptions.DEFAULT_READ_BYTES);
        assertThat(what.options().wish()).isEqualTo(ReadPlan.Wish.of(CachePolicy.NEUTRAL));
        assertThat(what.options().digests()).isEmpty();
        assertThat(what.filter()).isEqualTo(FileFilter.ALL);
        assertThat(what.order()).isEqualTo(FileOrder.DIRECTORY);
        assertThat(what.workers()).isEmpty();
        assertThat(source.schedule()).isEqualTo(Schedule.cron("0 3 * * *"));
        assertThat(source.atStart()).isFalse();
    }

    @Test
    void haveValuesForAllThatIsLeftOut() throws IOException {
        var read = file.read("http:\npools:\nlimits:\nroots:\nsources: {a: {paths: [/], include: }}\n");
        assertThat(read.stateDirectory()).hasToString("/var/lib/millrace");
        assertThat(read.runtimeDirectory()).hasToString("/run/millrace");
        assertThat(read.http()).isEqualTo(HttpOptions.DEFAULT);
        assertThat(read.jmx()).isEqualTo(JmxOptions.DEFAULT);
        assertThat(read.roots()).isEmpty();
        assertThat(read.totalRate()).isEqualTo(RateLimiter.UNLIMITED);
        var source = read.sources().get("a");
        assertThat(source.schedule()).isEqualTo(new Schedule.Never());
        assertThat(source.what().yieldAbove()).isEmpty();
        assertThat(source.what().options().ioPriority()).isEmpty();
        assertThat(source.what().options().parallelFiles())
                .isEqualTo(Runtime.getRuntime().availableProcessors());
        Files.createDirectory(directory.resolve("p"));
        assertThat(file.read("pools: {a: {directory: p, file-size: 1, ready: 1}}")
                        .pools()
                        .get("a")
                        .reserve())
                .isEqualTo(new Reserve(0, 5));
    }

    @Test
    void mayTurnHttpOff() throws IOException {
        var read = file.read("http: {listen: off}\njmx: {listen: '127.0.0.1:9847'}");
        assertThat(read.http()).isEqualTo(HttpOptions.OFF);
        assertThat(file.read("http: {listen: '[::1]:0'}\njmx: {listen: 'localhost:0'}")
                        .jmx()
                        .listen())
                .hasToString("127.0.0.1:0");
    }

    @Test
    void mayHaveOnePortAtTwoAddresses() throws IOException {
        assertThat(file.problems("http: {listen: '127.0.0.1:1'}\njmx: {listen: '[::1]:1'}"))
                .isEmpty();
        assertThat(file.problems("http: {listen: '0.0.0.0:1'}\njmx: {listen: '127.0.0.1:1'}"))
                .hasSize(1);
    }

    @Test
    void takePathsFromTheDirectoryOfTheFileAndMakeThemPlain() throws IOException {
        Path below = Files.createDirectories(directory.resolve("etc/millrace"));
        Files.writeString(below.resolve("m.yaml"), """
                state-directory: ../../state
                roots: [/, /usr/../usr/./bin//, ../../data/, ../.]
                sources: {s: {paths: [../../data/../data/file]}}
                """);
        var read = PatientChecks.read(LinuxPosix.create(), BytePath.of(below + "/m.yaml"));
        assertThat(read.stateDirectory()).isEqualTo(path("state"));
        assertThat(read.roots()).containsExactly(BytePath.of("/"), BytePath.of("/usr/bin"), path("data"), path("etc"));
        assertThat(read.sources().get("s").what().paths()).containsExactly(path("data/file"));
    }

    @Test
    void takeARelativeFileFromTheWorkingDirectory() throws IOException {
        Path here = Path.of("").toAbsolutePath();
        var relative = here.relativize(directory.toRealPath());
        file.write("roots: [data]");
        var read = PatientChecks.read(LinuxPosix.create(), BytePath.of(relative + "/millrace.yaml"));
        assertThat(read.roots()).containsExactly(BytePath.of(directory.toRealPath() + "/data"));
    }

    @Test
    void areLeftAloneByWhoeverWantsWorkersOnly() throws IOException {
        String text = String.join("\n", ServiceFile.LINES).replace("directory: wal", "directory: nowhere");
        assertThat(file.problems(text)).hasSize(1);
        assertThat(ConfigurationFile.readWorkers(LinuxPosix.create(), file.write(text)))
                .containsOnlyKeys("count", "lines");
        var misspelt = file.write(text.replace("reserve: 7.5%", "reserv: 7.5%").replace("command: [wc", "comand: [wc"));
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> ConfigurationFile.readWorkers(LinuxPosix.create(), misspelt))
                .satisfies(e -> assertThat(e.problems())
                        .extracting(ConfigurationProblem::key)
                        .containsExactly("reserv", "workers.count.command", "workers.count.comand"));
    }
}
