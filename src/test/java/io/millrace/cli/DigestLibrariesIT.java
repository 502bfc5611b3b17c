// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.cli.output.ExitCode;
import io.millrace.testkit.CCompiler;
import io.millrace.testkit.CachedFile;
import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Processes that find other libraries than this machine has: none, an older one, one that refuses, one that counts. */
class DigestLibrariesIT {
    /** Forwards to the real library what a shim does not do itself. */
    private static final String FORWARDING = """
            #include <dlfcn.h>
            #include <stdio.h>
            #include <stdlib.h>
            #include <string.h>
            static void *find(const char *name) {
                void *library = dlopen(getenv("SHIM_REAL"), RTLD_NOW | RTLD_LOCAL);
                void *found = library ? dlsym(library, name) : NULL;
                if (!found) { fprintf(stderr, "shim: no %s\\n", name); abort(); }
                return found;
            }
            #define FORWARD(type, name, parameters, arguments) \\
                type name parameters { type (*real) parameters = find(#name); return real arguments; }
            """;

    private static final String SOURCE = FORWARDING + """
            static long contexts, made;
            static void *make(void) { void *(*real)(void) = find("EVP_MD_CTX_new"); return real(); }
            void *EVP_MD_CTX_new(void) {
                __atomic_add_fetch(&made, 1, __ATOMIC_SEQ_CST);
                __atomic_add_fetch(&contexts, 1, __ATOMIC_SEQ_CST);
                return make();
            }
            void EVP_MD_CTX_free(void *c) {
                void (*real)(void *) = find("EVP_MD_CTX_free");
                __atomic_sub_fetch(&contexts, 1, __ATOMIC_SEQ_CST);
                real(c);
            }
            __attribute__((destructor)) static void report(void) {
                FILE *out = fopen(getenv("SHIM_REPORT"), "w");
                fprintf(out, "%s, %ld left", made > 0 ? "used" : "not used", contexts);
                fclose(out);
            }
            FORWARD(int, OPENSSL_init_crypto, (long a, void *b), (a, b))
            FORWARD(char *, OpenSSL_version, (int a), (a))
            FORWARD(void *, EVP_get_digestbyname, (char *a), (a))
            FORWARD(int, EVP_DigestInit_ex, (void *a, void *b, void *c), (a, b, c))
            FORWARD(int, EVP_DigestUpdate, (void *a, void *b, size_t c), (a, b, c))
            FORWARD(int, EVP_DigestFinal_ex, (void *a, void *b, void *c), (a, b, c))
            FORWARD(void, ERR_clear_error, (void), ())
            #ifndef WITHOUT_ONE_SHOT
            FORWARD(int, EVP_Digest, (void *a, size_t b, void *c, void *d, void *e, void *f), (a, b, c, d, e, f))
            #endif
            #ifndef BEFORE_3
            void *EVP_MD_fetch(void *a, char *name, void *c) {
                void *(*real)(void *, char *, void *) = find("EVP_MD_fetch");
                return strcmp(name, "MD5") == 0 ? NULL : real(a, name, c);
            }
            #endif
            """;

    /** A libxxhash, in front of the real one, that tells by which functions the bytes came. */
    private static final String XXHASH = FORWARDING + """
            static long plain, dispatched;
            __attribute__((destructor)) static void report(void) {
                FILE *out = fopen(getenv("SHIM_REPORT"), "w");
                fprintf(out, "%s%s", plain > 0 ? "plainly" : "", dispatched > 0 ? "by dispatch" : "");
                fclose(out);
            }
            FORWARD(unsigned, XXH_versionNumber, (void), ())
            FORWARD(void *, XXH3_createState, (void), ())
            FORWARD(int, XXH3_freeState, (void *a), (a))
            FORWARD(int, XXH3_64bits_reset, (void *a), (a))
            FORWARD(unsigned long, XXH3_64bits_digest, (void *a), (a))
            FORWARD(unsigned long, XXH3_64bits, (void *a, size_t b), (a, b))
            static int update(void *a, void *b, size_t c) {
                int (*real)(void *, void *, size_t) = find("XXH3_64bits_update");
                return real(a, b, c);
            }
            int XXH3_64bits_update(void *a, void *b, size_t c) { plain++; return update(a, b, c); }
            #ifdef WITH_DISPATCH
            int XXH3_64bits_update_dispatch(void *a, void *b, size_t c) { dispatched++; return update(a, b, c); }
            unsigned long XXH3_64bits_dispatch(void *a, size_t b) { return XXH3_64bits(a, b); }
            #endif
            """;

    @TempDir
    Path directory;

    private Path libraries;
    private Path file;

    @BeforeEach
    void hideAll() throws Exception {
        Command.assumeExists("cc");
        libraries = Files.createDirectory(directory.resolve("libraries"));
        for (String name : List.of("libcrypto.so.3", "libcrypto.so.1.1", "libxxhash.so.0")) {
            var unused = CCompiler.library(libraries, name, "int nothing_that_anybody_wants;\n");
        }
        file = CachedFile.random(directory.resolve("file"), 3_000_001, 1).path();
    }

    private void put(String name, String definitions) throws Exception {
        var unused = CCompiler.library(libraries, name, definitions + SOURCE);
    }

    private static String real() throws Exception {
        return real("libcrypto.so.3");
    }

    private static String real(String name) throws Exception {
        String said = Command.run("bash", "-c", "PATH=$PATH:/sbin ldconfig -p | sed -n 's/.*" + name + " .*=> //p'");
        assumeTrue(!said.isBlank(), "this machine has no " + name);
        return said.lines().findFirst().orElseThrow();
    }

    private ChildJvm millrace(Object... arguments) {
        return ChildJvm.of(Main.class, arguments)
                .environment("LD_LIBRARY_PATH", libraries.toString())
                .environment("SHIM_REPORT", report().toString());
    }

    private Path report() {
        return directory.resolve("report");
    }

    /** Of one file by SHA-256, MD5 and XXH3. */
    private void checkScan(String implementations, String... environment) throws Exception {
        var child = millrace("scan", "--json", "--digest", "sha256,md5,xxh3", file);
        for (int i = 0; i < environment.length; i += 2) {
            child.environment(environment[i], environment[i + 1]);
        }
        var result = child.run();
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out())
                .contains("\"sha256\":\"" + Command.run("sha256sum", file).substring(0, 64) + "\"")
                .contains("\"md5\":\"" + Command.run("md5sum", file).substring(0, 32) + "\"")
                .contains("\"digest_implementations\":{" + implementations + "}");
        String xxh3 = result.out().replaceFirst("(?s).*?\"xxh3\":\"([0-9a-f]{16})\".*", "$1");
        assertThat(Command.run("xxhsum", "-H3", file)).contains(xxh3);
    }

    @Test
    void javaComputesWhatNoLibraryDoes() throws Exception {
        checkScan("\"xxh3\":\"hash4j\",\"sha256\":\"java\",\"md5\":\"java\"");
        var result = millrace("probe", directory).run();
        assertThat(result.out())
                .contains("sha256            java\n")
                .contains("xxh3              hash4j\n")
                .contains("blake2b-512       none: blake2b-512 needs OpenSSL's libcrypto: ");
    }

    @Test
    void javaComputesWhereTheDynamicLinkerFindsNothing() throws Exception {
        String said = Command.run(
                "bash", "-c", "PATH=$PATH:/sbin ldconfig -p | sed -nE 's/.*(libcrypto|libxxhash)\\.so\\..*=> //p'");
        assumeTrue("root".equals(System.getProperty("user.name")), "only root may mount over a library");
        var result = ChildJvm.of(Main.class, "scan", "--json", "--digest", "sha256,xxh3", file)
                .under(
                        "unshare",
                        "--mount",
                        "bash",
                        "-c",
                        "for library in " + said.replace('\n', ' ')
                                + "; do mount --bind /dev/null $library || exit 3; done; exec \"$@\"",
                        "bash")
                .run();
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out())
                .contains("\"sha256\":\"" + Command.run("sha256sum", file).substring(0, 64) + "\"")
                .contains("\"digest_implementations\":{\"xxh3\":\"hash4j\",\"sha256\":\"java\"}");
    }

    @Test
    void refusesWhatOnlyTheLibraryComputes() throws Exception {
        var scan = millrace("scan", "--digest", "blake2b-512", file).run();
        assertThat(scan.exitCode()).as(scan.toString()).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(scan.err())
                .contains("blake2b-512 needs OpenSSL's libcrypto: ")
                .contains("libcrypto.so.3");

        Path sums = Files.writeString(directory.resolve("B2SUMS"), Command.run("b2sum", file));
        var verify = millrace("verify", "--manifest", sums).run();
        assertThat(verify.exitCode()).as(verify.toString()).isEqualTo(ExitCode.SOME_FAILED);
        assertThat(verify.err()).contains("B2SUMS: blake2b-512 needs OpenSSL's libcrypto: ");

        Path tagged = Files.writeString(directory.resolve("tagged"), Command.run("b2sum", "--tag", file));
        var again = millrace("verify", "--manifest", tagged).run();
        assertThat(again.exitCode()).as(again.toString()).isEqualTo(ExitCode.SOME_FAILED);
        assertThat(again.err()).contains("tagged:1: blake2b-512 needs OpenSSL's libcrypto: ");

        Path configuration = Files.writeString(
                directory.resolve("millrace.yaml"),
                "sources: { a: { paths: [\"" + directory + "\"], every: 1h, digests: [blake2b-512] } }\n");
        var check = millrace("check-config", configuration).run();
        assertThat(check.exitCode()).as(check.toString()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(check.out() + check.err()).contains("blake2b-512 needs OpenSSL's libcrypto: ");
    }

    @Test
    void takesAnOpenSslBefore3() throws Exception {
        String real = real();
        put("libcrypto.so.1.1", "#define BEFORE_3\n");
        checkScan(
                "\"xxh3\":\"hash4j\",\"sha256\":\"libcrypto.so.1.1\",\"md5\":\"libcrypto.so.1.1\"", "SHIM_REAL", real);
        assertThat(report()).hasContent("used, 0 left");
    }

    @Test
    void javaComputesTheDigestThatOpenSslRefuses() throws Exception {
        String real = real();
        put("libcrypto.so.3", "");
        checkScan("\"xxh3\":\"hash4j\",\"sha256\":\"libcrypto.so.3\",\"md5\":\"java\"", "SHIM_REAL", real);
    }

    @Test
    void passesOverALibraryThatLacksAFunction() throws Exception {
        String real = real();
        put("libcrypto.so.3", "#define WITHOUT_ONE_SHOT\n");
        checkScan("\"xxh3\":\"hash4j\",\"sha256\":\"java\",\"md5\":\"java\"", "SHIM_REAL", real);
        assertThat(report()).hasContent("not used, 0 left");
    }

    @ParameterizedTest
    @CsvSource({"true,by dispatch", "false,plainly"})
    void takesTheFunctionsOfLibxxhashForThisProcessorWhereItHasThem(boolean has, String report) throws Exception {
        String real = real("libxxhash.so.0");
        String definitions = has ? "#define WITH_DISPATCH\n" : "";
        var unused = CCompiler.library(libraries, "libxxhash.so.0", definitions + XXHASH);
        checkScan("\"xxh3\":\"libxxhash.so.0\",\"sha256\":\"java\",\"md5\":\"java\"", "SHIM_REAL", real);
        assertThat(report()).hasContent(report);
    }

    @Test
    void freesEveryContext() throws Exception {
        String real = real();
        put("libcrypto.so.3", "");
        Path tree = Files.createDirectory(directory.resolve("tree"));
        for (int i = 0; i < 100; i++) {
            Files.writeString(tree.resolve("small" + i), "content " + i);
        }
        Files.copy(file, tree.resolve("large"));
        var result = millrace("scan", "--parallel", 5, "--digest", "sha256,sha512,sha1,blake2b-512", tree, "/missing")
                .environment("SHIM_REAL", real)
                .run();
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(ExitCode.SOME_FAILED);
        assertThat(report()).hasContent("used, 0 left");
    }
}
