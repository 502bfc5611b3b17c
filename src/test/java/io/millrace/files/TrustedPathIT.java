// SPDX-License-Identifier: Apache-2.0
package io.millrace.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.testkit.Command;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What others could exchange, made by root with the tools that an operator has. */
class TrustedPathIT {
    private final Posix posix = LinuxPosix.create();

    @TempDir
    private Path directory;

    @BeforeEach
    void needsRoot() {
        assumeTrue(posix.process().effectiveUser() == 0, "only root can give files to others");
    }

    private BytePath path(String name) {
        return BytePath.of(directory.resolve(name).toString());
    }

    private void shell(String commands) throws Exception {
        var unused = Command.run("sh", "-euc", "umask 022; cd " + directory + "; mkdir -p a/b; " + commands);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            chown 65534 a/b                             | a/b: belongs to user 65534
            chown 65534 a                               | a: belongs to user 65534
            chmod 757 a/b                               | a/b: everybody can write
            chmod 1777 a/b                              | a/b: everybody can write
            chmod 707 a                                 | a: everybody can write
            chgrp 65534 a/b; chmod 2775 a/b             | a/b: group 65534 can write
            chgrp 65534 a; chmod 775 a                  | a: group 65534 can write
            setfacl -m u:65534:rwx a/b                  | a/b: user 65534 can write
            setfacl -m g:65534:wx a                     | a: group 65534 can write
            setfacl -m u:65534:rwx a; mv a c; ln -s c a | c: user 65534 can write
            mv a c; ln -s c a; chown -h 65534 a         | a: belongs to user 65534
            mkdir c; chown 65534 c; mv a c; ln -s c/a a | c: belongs to user 65534
            """)
    void refusesWhatSomebodyElseCouldExchange(String commands, String why) throws Exception {
        shell(commands);
        assertThatThrownBy(() -> TrustedPath.require(posix, path("a/b")))
                .isInstanceOf(UntrustedException.class)
                .hasMessageStartingWith(directory + "/" + why)
                .hasMessageMatching(".*");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            true                                              | a/b
            chmod 770 a/b                                     | a/b
            chmod 1777 a                                      | a/b
            chgrp 65534 a/b; chmod 2755 a/b                   | a/b
            setfacl -m u:65534:rx a                           | a/b
            setfacl -m u:65534:rwx a/b; setfacl -m m::rx a/b  | a/b
            setfacl -m u:0:rwx a/b                            | a/b
            mv a c; ln -s c a                                 | c/b
            mv a c; mkdir d; ln -s ../c/. d/e; ln -s d/e a    | c/b
            mv a/b c; ln -s "$PWD/c" a/b                      | c
            """)
    void acceptsWhatNobodyElseCanAndSaysWhereItLeads(String commands, String real) throws Exception {
        shell(commands);
        assertThat(TrustedPath.require(posix, path("a/b"))).isEqualTo(path(real));
        assertThat(TrustedPath.require(posix, path("a/./../a//b/"))).isEqualTo(path(real));
    }

    @Test
    void endsInCirclesAndAtWhatIsNoDirectory() throws Exception {
        shell("ln -s y x; ln -s x y; touch f");
        assertThatThrownBy(() -> TrustedPath.require(posix, path("x/b"))).hasMessageEndingWith("(ELOOP)");
        assertThatThrownBy(() -> TrustedPath.require(posix, path("f"))).hasMessageEndingWith("(ENOTDIR)");
        assertThatThrownBy(() -> TrustedPath.require(posix, path("none"))).hasMessageEndingWith("(ENOENT)");
    }

    @Test
    void tellsADirectoryThatRootGaveToSomebodyFromOneThatHeMade() throws Exception {
        shell("chown 65534 a/b; mkdir t; chmod 1777 t; mkdir t/b; chown 65534 t/b");
        assertThat(TrustedPath.isGiven(posix, path("a/b"))).isTrue();
        assertThat(TrustedPath.isGiven(posix, path("t/b"))).isFalse();
        shell("ln -s ../t/b a/l");
        assertThat(TrustedPath.isGiven(posix, path("a/l"))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "'0 0 4294967295', 65534, false",
        "'0 1000 1', 65534, true",
        "'0 1000 1', 1000, false",
        "'0 1000 1\n1 100000 65536', 65534, false",
        "'', 65534, false"
    })
    void knowsWhoStandsForThoseOutsideAUserNamespace(String map, int user, boolean unmapped) {
        assertThat(new UserNamespace(map, 65534).isUnmapped(user)).isEqualTo(unmapped);
    }
}
