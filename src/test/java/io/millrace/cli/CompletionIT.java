// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.AutoComplete;
import picocli.CommandLine;

/** What bash itself is offered by the generated script. */
class CompletionIT {
    @TempDir
    Path directory;

    private Path program;

    @BeforeEach
    void generate() throws Exception {
        Files.writeString(
                directory.resolve("completion"),
                AutoComplete.bash("millrace", new CommandLine(Main.allCommands()))
                        + Files.readString(Path.of("src/main/completion/names.bash")));
        program = Files.writeString(directory.resolve("millrace"), """
                #!/bin/sh
                case "$*" in
                "ctl $2 list --timeout 1s --json") ;;
                *) exit 2 ;;
                esac
                field=name
                [ "$2" = scan ] && field=id
                echo "{\\"type\\":\\"$2\\",\\"$field\\":\\"$2-one\\",\\"state\\":\\"idle\\"}"
                echo "{\\"type\\":\\"$2\\",\\"$field\\":\\"other\\",\\"source\\":null}"
                echo '{"type":"summary","count":2}'
                """);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }

    /** For the last of the words. */
    private List<String> offered(String... words) throws Exception {
        var command = new ArrayList<>(List.of(
                "bash", "-c", """
                . "$1" && shift
                COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*"
                _millrace 2> /dev/null
                printf '%s\\n' "${COMPREPLY[@]}"
                """, "bash", directory.resolve("completion").toString(), program.toString()));
        command.addAll(Arrays.asList(words));
        Process bash = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        bash.getOutputStream().close();
        String lines = new String(bash.getInputStream().readAllBytes());
        assertThat(bash.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return lines.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }

    @Test
    void offersValuesAsHelpWritesThem() throws Exception {
        assertThat(offered("scan", "--digest", "s"))
                .containsExactlyInAnyOrder("sha256", "sha512", "sha1", "sha3-256", "sha512-256");
        assertThat(offered("scan", "--digest", "=", "m")).containsExactly("md5");
        assertThat(offered("scan", "--digest", "md5,x")).containsExactly("md5,xxh3");
        assertThat(offered("scan", "--cache", "")).containsExactlyInAnyOrder("neutral", "drop", "keep");
        assertThat(offered("scan", "--fallback", "")).containsExactlyInAnyOrder("drop", "keep");
        assertThat(offered("scan", "--slow", "")).containsExactlyInAnyOrder("block", "detach");
        assertThat(offered("scan", "--format", "")).containsExactlyInAnyOrder("gnu", "bsd");
        assertThat(offered("scan", "--progress", "a")).containsExactlyInAnyOrder("auto", "always");
        assertThat(offered("scan", "--io-class", "")).containsExactlyInAnyOrder("idle", "best-effort", "realtime");
        assertThat(offered("scan", "--strategy", "d")).containsExactlyInAnyOrder("dontcache", "drop-behind");
        assertThat(offered("cache", "advise", "w")).containsExactly("willneed");
    }

    @Test
    void offersNamesThatTheServiceHas() throws Exception {
        assertThat(offered("ctl", "pool", "claim", "p")).containsExactly("pool-one");
        assertThat(offered("ctl", "pool", "resize", "--json", "")).containsExactly("pool-one", "other");
        assertThat(offered("ctl", "scan", "start", "s")).containsExactly("source-one");
        assertThat(offered("ctl", "scan", "cancel", "")).containsExactly("scan-one", "other");
        assertThat(offered("ctl", "worker", "restart", "w")).containsExactly("worker-one");
        assertThat(offered("scan", "--worker", "o")).containsExactly("other");
    }

    @Test
    void offersNoNamesWithoutAService() throws Exception {
        Files.writeString(program, "#!/bin/sh\necho 'millrace: no service' >&2\nexit 69\n");
        assertThat(offered("ctl", "pool", "claim", "")).isEmpty();
    }
}
