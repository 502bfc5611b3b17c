// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.dynatrace.hash4j.hashing.Hashing;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.linux.Constants;
import io.millrace.testkit.CCompiler;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The digests of this machine's libraries against those of Java and hash4j, over random messages in random pieces. */
class NativeDigestIT {
    private static final int BUFFER_BYTES = 300_000;
    private static final HexFormat HEX = HexFormat.of();

    @TempDir
    Path directory;

    private static NativeDigest start(String name) {
        DigestLibrary library = library(name);
        assumeTrue(!library.version().isEmpty(), library.whyNot(name));
        return library.start(name).orElseThrow();
    }

    private static DigestLibrary library(String name) {
        return name.equals("XXH3")
                ? DigestLibraries.ofSystem().xxhash()
                : DigestLibraries.ofSystem().crypto();
    }

    private static String expected(String jdkName, byte[] message) throws Exception {
        byte[] value = jdkName.equals("XXH3")
                ? ByteBuffer.allocate(Long.BYTES)
                        .putLong(Hashing.xxh3_64().hashBytesToLong(message))
                        .array()
                : MessageDigest.getInstance(jdkName).digest(message);
        return HEX.formatHex(value);
    }

    private static String inPieces(NativeDigest digest, NativeBuffer buffer, byte[] message, Random random) {
        int done = 0;
        while (done < message.length) {
            int length = Math.min(message.length - done, random.nextInt(BUFFER_BYTES));
            int offset = random.nextInt(BUFFER_BYTES - length);
            var unused = buffer.slice(offset, length).put(message, done, length);
            digest.update(buffer, offset, length);
            done += length;
        }
        return HEX.formatHex(digest.finish());
    }

    @ParameterizedTest
    @CsvSource({
        "SHA256,SHA-256",
        "SHA512,SHA-512",
        "SHA1,SHA-1",
        "MD5,MD5",
        "SHA3-256,SHA3-256",
        "SHA512-256,SHA-512/256",
        "XXH3,XXH3"
    })
    void agreesWithJavaInWhateverPieces(String name, String jdkName) throws Exception {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        try (var digest = start(name);
                var buffer = NativeBuffer.allocate(BUFFER_BYTES)) {
            for (int round = 0; round < 60; round++) {
                byte[] message = new byte[round < 30 ? random.nextInt(300) : random.nextInt(1_000_000)];
                random.nextBytes(message);
                String said = "seed " + seed + ", round " + round + ", " + message.length + " bytes";
                assertThat(inPieces(digest, buffer, message, random)).as(said).isEqualTo(expected(jdkName, message));
                int length = Math.min(message.length, BUFFER_BYTES);
                var unused = buffer.slice(0, length).put(message, 0, length);
                assertThat(HEX.formatHex(digest.of(buffer, 0, length)))
                        .as(said + ", the first " + length + " at once")
                        .isEqualTo(expected(jdkName, java.util.Arrays.copyOf(message, length)));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SHA256", "XXH3", "BLAKE2b512"})
    void oneAtOnceLeavesTheOtherAsItIs(String name) {
        try (var digest = start(name);
                var buffer = NativeBuffer.allocate(100)) {
            var unused = buffer.first(100).put(new byte[100]);
            byte[] whole = digest.of(buffer, 0, 100);
            digest.update(buffer, 0, 60);
            assertThat(digest.of(buffer, 0, 100)).isEqualTo(whole);
            digest.update(buffer, 60, 40);
            assertThat(digest.finish()).isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SHA256", "XXH3"})
    void refusesWhatIsClosedOrOutsideOfTheBuffer(String name) {
        var digest = start(name);
        try (var buffer = NativeBuffer.allocate(100)) {
            assertThatThrownBy(() -> digest.update(buffer, 1, 100)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> digest.of(buffer, -1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
            digest.close();
            digest.close();
            assertThatThrownBy(() -> digest.update(buffer, 0, 1)).hasMessage("the digest is closed");
            assertThatThrownBy(digest::finish).hasMessage("the digest is closed");
            assertThatThrownBy(() -> digest.of(buffer, 0, 1)).hasMessage("the digest is closed");
        }
    }

    @Test
    void hasNoDigestOfAnotherName() {
        assertThat(DigestLibraries.ofSystem().crypto().start("NO-SUCH-DIGEST")).isEmpty();
        assertThat(DigestLibraries.ofSystem().xxhash().start("SHA256")).isEmpty();
    }

    @Test
    void threadsHaveDigestsOfTheirOwn() throws Exception {
        byte[] message = new byte[200_000];
        new Random(1).nextBytes(message);
        String expected = expected("SHA-256", message);
        var pool = Executors.newFixedThreadPool(4);
        try {
            Callable<String> work = () -> {
                String said = "";
                for (int i = 0; i < 20; i++) {
                    try (var digest = start("SHA256");
                            var buffer = NativeBuffer.allocate(BUFFER_BYTES)) {
                        said = inPieces(digest, buffer, message, new Random(i));
                    }
                }
                return said;
            };
            List<Future<String>> all = pool.invokeAll(new ArrayList<>(List.of(work, work, work, work)));
            for (Future<String> one : all) {
                assertThat(one.get()).isEqualTo(expected);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void numbersAreThoseOfOpenSslsHeaders() throws Exception {
        assumeTrue(
                Files.exists(Path.of("/usr/include/openssl/evp.h")),
                "the headers of OpenSSL are not installed (Debian: libssl-dev)");
        String expected = new Constants()
                .expect("OPENSSL_INIT_NO_ATEXIT", LibCrypto.OPENSSL_INIT_NO_ATEXIT)
                .expect("OPENSSL_VERSION", LibCrypto.OPENSSL_VERSION)
                .expect("EVP_MAX_MD_SIZE", EvpDigest.MAX_VALUE_BYTES)
                .source();
        CCompiler.check(directory, "#include <openssl/evp.h>\n#include <openssl/crypto.h>\n" + expected, List.of());
    }
}
