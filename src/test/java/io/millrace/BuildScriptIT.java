// SPDX-License-Identifier: Apache-2.0
package io.millrace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When {@code ./build} calls Maven, and what it says, in a tree of three files with a Maven that only writes a layout. */
class BuildScriptIT {
    private static final String MAVEN = """
            #!/bin/sh
            echo "$*" >> "$TREE/calls"
            [ ! -e "$TREE/broken" ] || { echo '[ERROR] does not compile'; exit 1; }
            echo '[INFO] Downloading from central: x'
            echo '[INFO] Downloaded from central: x (1.5 MB at 3 MB/s)'
            echo '[INFO] --- maven-compiler-plugin:3:compile (default-compile) @ millrace ---'
            echo '[INFO] --- maven-surefire-plugin:3:test (default-test) @ millrace ---'
            mkdir -p target/millrace/bin target/millrace/lib
            cp launcher target/millrace/bin/millrace
            date +%N > target/millrace/lib/millrace.jar
            """;
    private static final String LAUNCHER = """
            #!/bin/sh
            case $1 in
                serve)
                    echo "2026-11-28T11:22:19.581Z INFO http: listens on 127.0.0.1:1234" >&2
                    echo "2026-11-28T11:22:19.767Z INFO started with $3: 1 pool" >&2
                    until grep -q '^    millrace ctl pool' "$TREE/err"; do sleep 0.05; done
                    ;;
                ctl)
                    echo '{"type":"pool","name":"wal","state":"ready"}'
                    echo '{"type":"source","name":"backups","paths":["/srv"]}'
                    echo '{"type":"source","name":"second","paths":["/srv"]}'
                    ;;
            esac
            """;

    @TempDir
    Path tree;

    private record Result(int exitCode, String err) {}

    @BeforeEach
    void makeTree() throws IOException {
        for (String name : List.of("build", "src/build/progress", "src/build/announce", "src/build/assemble")) {
            Path copy = tree.resolve(name);
            Files.createDirectories(copy.getParent());
            Files.copy(Path.of(name), copy);
        }
        for (String name : List.of(".mvn/jvm.config", "pom.xml", "src/main/java/A.java", "config/millrace.yaml")) {
            Files.createDirectories(tree.resolve(name).getParent());
            Files.writeString(tree.resolve(name), name);
        }
        Files.createDirectories(tree.resolve("target/run/big"));
        Files.writeString(tree.resolve("target/run/big/random-1GiB"), "small enough for a test");
        program("bin/mvn", MAVEN);
        program("launcher", LAUNCHER);
    }

    private void program(String name, String text) throws IOException {
        Path file = tree.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Result build(String command) throws IOException, InterruptedException {
        return build(command, System.getProperty("java.home"));
    }

    private Result build(String command, String javaHome) throws IOException, InterruptedException {
        Path err = tree.resolve("err");
        var builder = new ProcessBuilder(tree.resolve("build").toString(), command)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(tree.resolve("out").toFile())
                .redirectError(err.toFile());
        Files.deleteIfExists(err);
        builder.environment().put("PATH", tree.resolve("bin") + ":" + System.getenv("PATH"));
        builder.environment().put("JAVA_HOME", javaHome);
        builder.environment().put("TREE", tree.toString());
        Process process = builder.start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return new Result(process.exitValue(), Files.readString(err));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private List<String> calls() throws IOException {
        Path calls = tree.resolve("calls");
        return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    }

    private void assertBuilds(String why) throws Exception {
        int before = calls().size();
        var result = build("package");
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(calls()).as(why + " is built").hasSize(before + 1);
        assertThat(calls().get(before)).endsWith("-Psbom,docs -Dmaven.test.skip=true package");
        assertBuildsNothing(why);
    }

    private void assertBuildsNothing(String why) throws Exception {
        int before = calls().size();
        var result = build("package");
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(calls()).as("nothing after " + why).hasSize(before);
        assertThat(result.err()).contains("nothing changed since the last build");
    }

    @Test
    void callsMavenOnlyWhereSomethingChanged() throws Exception {
        assertBuilds("a new tree");

        Files.writeString(tree.resolve("config/millrace.yaml"), "another");
        assertBuildsNothing("another configuration, which the program reads when it starts");

        Path source = tree.resolve("src/main/java/A.java");
        FileTime written = Files.getLastModifiedTime(source);
        Files.writeString(source, "src/main/java/B.java");
        Files.setLastModifiedTime(source, written);
        assertBuilds("an edit of the same length at the same time");

        Files.writeString(tree.resolve("src/main/java/New.java"), "");
        assertBuilds("a new file, an empty one");

        Files.move(tree.resolve("src/main/java/New.java"), tree.resolve("src/main/java/Other.java"));
        assertBuilds("another name");

        Files.delete(tree.resolve("src/main/java/Other.java"));
        Files.createDirectories(tree.resolve("target/classes"));
        Path stale = Files.writeString(tree.resolve("target/classes/Other.class"), "");
        assertBuilds("a deletion");
        assertThat(stale).as("of a source that is gone").doesNotExist();

        Files.writeString(tree.resolve("pom.xml"), " ", StandardOpenOption.APPEND);
        assertBuilds("another pom.xml");

        Files.setLastModifiedTime(source, FileTime.from(Instant.EPOCH));
        assertBuildsNothing("another time of a source");
    }

    @Test
    void callsMavenWhereTheLayoutIsNotWhatItMade() throws Exception {
        assertBuilds("a new tree");
        Files.delete(tree.resolve("target/millrace/lib/millrace.jar"));
        assertBuilds("a layout without a file");
        Files.writeString(tree.resolve("target/millrace/lib/more.jar"), "");
        assertBuilds("a layout with a file more");
        Files.writeString(tree.resolve("target/millrace/lib/millrace.jar"), "by others");
        assertBuilds("a jar by others");
        Files.delete(tree.resolve("target/built"));
        assertBuilds("no record");
        Files.writeString(tree.resolve("target/built"), "");
        assertBuilds("half a record");
    }

    @Test
    void callsMavenForAnotherJdk() throws Exception {
        assertBuilds("a new tree");
        Path other = tree.resolve("jdk");
        program("jdk/bin/java", "#!/bin/sh\n");
        Files.writeString(other.resolve("release"), "JAVA_VERSION=\"98\"\n");
        assertThat(build("package", other.toString()).err()).doesNotContain("nothing changed");
        assertThat(build("package", other.toString()).err()).contains("nothing changed");
        Files.writeString(other.resolve("release"), "JAVA_VERSION=\"99\"\n");
        assertThat(build("package", other.toString()).err()).doesNotContain("nothing changed");
        assertBuilds("the first JDK again");
    }

    @Test
    void buildsAgainAfterAFailure() throws Exception {
        assertBuilds("a new tree");
        Files.writeString(tree.resolve("src/main/java/A.java"), "wrong");
        Files.writeString(tree.resolve("broken"), "");
        var failed = build("package");
        assertThat(failed.exitCode()).isEqualTo(1);
        assertThat(failed.err()).contains("[ERROR] does not compile");
        assertThat(build("package").exitCode()).isEqualTo(1);
        Files.delete(tree.resolve("broken"));
        assertBuilds("what failed before");
    }

    @Test
    void runTakesWhatPackageMadeButNotTheOtherWayRound() throws Exception {
        assertThat(build("run").exitCode()).isZero();
        assertThat(calls()).hasSize(1);
        assertBuilds("man pages");
        assertThat(build("run").err()).contains("nothing changed since the last build");
    }

    @Test
    void saysWhatItDoesAndThenWhereThePageIsAndWhatToTry() throws Exception {
        var run = build("run");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err())
                .containsPattern("^build: 0:\\d\\d building target/millrace\n")
                .contains(" downloads what Maven lacks: the first time about 95 MB, a few minutes\n")
                .contains(" compiles with static checks, for a minute or more (2 MB downloaded)\n")
                .doesNotContain("[INFO]")
                .doesNotContain("unit tests");
        String end = run.err().substring(run.err().indexOf("started with config/millrace.yaml"));
        String root = tree.toRealPath().toString();
        assertThat(end)
                .contains("The service is ready: http://127.0.0.1:1234/\nCtrl-C ends it.")
                .contains("PATH=" + root + "/target/millrace/bin:$PATH\n")
                .containsPattern("millrace ctl status --watch +#")
                .containsPattern("millrace ctl scan start backups +#")
                .contains("millrace ctl pool claim wal " + root + "/target/run/mine");
    }
}
