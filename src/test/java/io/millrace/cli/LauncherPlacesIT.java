// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Command;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher from wherever it lies, and by whatever name it is called. Names are made by the shell: they are bytes. */
class LauncherPlacesIT {
    private static final String START = """
            set -eu
            layout=$1 scratch=$2
            export JAVA_HOME="$3"
            export LC_ALL=C
            unset LANG
            good() {
                [ "$2" = "millrace 0.1.0" ] || [ "$2" = "CRC32C (data) = 00000000" ] || echo "$1: $2"
            }
            cp -rl "$layout" "$scratch/given" 2>/dev/null || { rm -rf "$scratch/given"; cp -r "$layout" "$scratch/given"; }
            cd "$scratch"
            : >data
            """;

    @TempDir
    Path scratch;

    private String inShell(String script) throws Exception {
        return Command.run(
                "sh",
                "-c",
                START + script,
                "sh",
                System.getProperty("millrace.layout"),
                scratch,
                System.getProperty("java.home"));
    }

    @Test
    void isFoundByAnyNameThatAShellTakes() throws Exception {
        String said = inShell("""
                bin=$scratch/given/bin
                cd "$bin"
                good 'sh millrace' "$(sh millrace --version 2>&1)"
                good 'bash millrace' "$(bash millrace --version 2>&1)"
                good 'an empty entry of PATH' "$(PATH=:$PATH dash -c 'millrace --version' 2>&1)"
                good './millrace' "$(./millrace --version 2>&1)"
                cd /
                good 'by PATH' "$(PATH=$bin:$PATH millrace --version 2>&1)"
                good 'bash, by PATH' "$(PATH=$bin:$PATH bash millrace --version 2>&1)"
                mkdir "$scratch/links"
                cd "$scratch/links"
                ln -s ../given/bin/millrace one
                ln -s one two
                ln -s "$bin/millrace" absolute
                ln -s ../given directory
                for link in one two absolute directory/bin/millrace; do
                    good "$link" "$("./$link" --version 2>&1)"
                    good "sh $link" "$(sh "$link" --version 2>&1)"
                done
                """);
        assertThat(said).isEmpty();
    }

    /** As printf(1) takes them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a b",
                "a%%41",
                "a*",
                "a$HOME",
                "a:b",
                "a!",
                "a#",
                "a?",
                "a\\\\b",
                "a'b",
                "a\"b",
                "a;b",
                "a,b",
                "m\\303\\274hle",
                "m\\374hle",
                "a\\nb",
                "a\\n"
            })
    void startsFromAFolderWithAnyBytesInItsName(String name) throws Exception {
        String said = inShell("name=$(printf '" + name.replace("'", "'\\''") + "x') name=${name%x}\n" + """
                  mv given "$name"
                  good absolute "$("$scratch/$name/bin/millrace" scan --format bsd --digest crc32c data 2>&1 | head -n 1)"
                  good relative "$("$name/bin/millrace" --version 2>&1)"
                  cd "$name/bin"
                  good 'in it' "$(sh millrace --version 2>&1)"
                  """);
        assertThat(said).isEmpty();
    }

    @Test
    void startsFromAFolderThatLooksLikeAnOption() throws Exception {
        assertThat(inShell("mv given ./-a; good -a \"$(-a/bin/millrace --version 2>&1)\"\n"))
                .isEmpty();
    }
}
