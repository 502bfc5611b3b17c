// SPDX-License-Identifier: Apache-2.0
package io.millrace.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.scan.digest.DigestAlgorithm;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines of checksums as the tools write them, and lines that are none. */
class SumLineParserTest {
    private static final String MD5 = "d41d8cd98f00b204e9800998ecf8427e";

    private static SumLineParser parser(String manifest) {
        return new SumLineParser(new DigestNames("M", manifest, Optional.empty()), true);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String said(String manifest, String line) throws Exception {
        ManifestLine parsed = parser(manifest).parse(bytes(line));
        var digest = parsed.digests().entrySet().iterator().next();
        return digest.getKey().label() + " " + HexFormat.of().formatHex(digest.getValue()) + " ["
                + new String(parsed.name(), StandardCharsets.UTF_8) + "]";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                MD5 + "  a|a",
                MD5 + " *a|a",
                MD5 + "   a |' a '",
                MD5 + "  *a|*a",
                "\\" + MD5 + "  a\\\\b\\nc\\rd|'a\\b\nc\rd'",
                MD5 + "  a\\n|a\\n",
                "  " + MD5 + "  a|a",
                "D41D8CD98F00B204E9800998ECF8427E  a|a",
                "MD5 (a) = " + MD5 + "|a",
                "MD5(a)= " + MD5 + "|a",
                "MD5 (a) = x) = " + MD5 + "|'a) = x'",
                "\\MD5 (a\\nb) = " + MD5 + "|'a\nb'",
                MD5 + " a|a"
            })
    void readsEveryForm(String line, String name) throws Exception {
        assertThat(said("sums", line)).isEqualTo("md5 " + MD5 + " [" + name + "]");
    }

    @ParameterizedTest
    @CsvSource({
        "sums,8,",
        "CRC32C.txt,8,crc32c",
        "sums,16,",
        "xxh3sums,16,xxh3",
        "sums,32,md5",
        "sums.xxh128,32,",
        "x,40,sha1",
        "x,64,sha256",
        "B3SUMS,64,",
        "blake3.sums,64,",
        "x,128,sha512",
        "x.b2sum,128,blake2b-512",
        "B2SUMS,128,blake2b-512",
        "x.blake2b,128,blake2b-512",
        "x.blake2bp,128,",
        "x.blake3,128,",
        "B2SUMS,64,",
        "SHA3-512SUMS,128,",
        "SHA3-256SUMS,64,sha3-256",
        "SHA512-256SUMS,64,sha512-256"
    })
    void digestFollowsFromLengthAndManifestName(String manifest, int digits, String digest) throws Exception {
        String line = "0".repeat(digits) + "  a";
        if (digest == null) {
            assertThatThrownBy(() -> said(manifest, line))
                    .isInstanceOf(ManifestException.class)
                    .hasMessageContaining("--digest");
        } else {
            assertThat(said(manifest, line)).startsWith(digest + " ");
        }
    }

    @Test
    void xxhsumMarksXxh3() throws Exception {
        assertThat(said("sums", "XXH3_2d06800538d394c2  a")).isEqualTo("xxh3 2d06800538d394c2 [a]");
        assertThat(said("sums", "XXH3 (a) = 2d06800538d394c2")).isEqualTo("xxh3 2d06800538d394c2 [a]");
        assertThat(said("sums", "CRC32C (a) = 00000000")).isEqualTo("crc32c 00000000 [a]");
        assertThat(said("sums", "SHA2-256(a)= " + "0".repeat(64))).startsWith("sha256 ");
        assertThat(said("sums", "SHA3-256(a)= " + "0".repeat(64))).startsWith("sha3-256 ");
        assertThat(said("sums", "SHA2-512/256(a)= " + "0".repeat(64))).startsWith("sha512-256 ");
        assertThat(said("sums", "SHA512-256 (a) = " + "0".repeat(64))).startsWith("sha512-256 ");
        assertThat(said("sums", "BLAKE2b (a) = " + "0".repeat(128))).startsWith("blake2b-512 ");
        assertThat(said("sums", "BLAKE2B-512(a)= " + "0".repeat(128))).startsWith("blake2b-512 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "hello world",
                MD5,
                MD5 + "  -",
                MD5 + "g  a",
                MD5 + "0  a",
                "\\" + MD5 + "  a\\tb",
                "\\" + MD5 + "  a\\",
                "SHA384 (a) = " + MD5 + MD5 + MD5,
                "MD5 (a) = " + MD5 + "0",
                "BLAKE2b-256 (a) = " + MD5 + MD5,
                "MD5 (a) " + MD5,
                "MD5 () = " + MD5,
                "XXH3_2d06800538d394c  a",
                "00" + "\0" + "  a",
                "-----BEGIN PGP SIGNED MESSAGE-----"
            })
    void othersAreMalformed(String line) {
        assertThatThrownBy(() -> said("sums", line)).isInstanceOf(MalformedLineException.class);
    }

    @Test
    void oneBlankOnlyWhereAllLinesHaveOne() throws Exception {
        var two = parser("sums");
        var unused = two.parse(bytes(MD5 + "  a"));
        assertThatThrownBy(() -> two.parse(bytes(MD5 + " a"))).isInstanceOf(MalformedLineException.class);
        var one = parser("sums");
        unused = one.parse(bytes(MD5 + " a"));
        assertThat(one.parse(bytes(MD5 + "  a")).name()).isEqualTo(bytes(" a"));
    }

    @Test
    void optionNamesTheDigest() throws Exception {
        var names = new DigestNames("M", "sums", Optional.of(DigestAlgorithm.CRC32C));
        var parser = new SumLineParser(names, true);
        assertThat(parser.parse(bytes("00000000  a")).digests()).containsKey(DigestAlgorithm.CRC32C);
        assertThatThrownBy(() -> parser.parse(bytes(MD5 + "  a"))).isInstanceOf(MalformedLineException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "'H  a~', true",
        "'H  a\nb~H  c~', true",
        "'H  a\n~H  c~', true",
        "'H  a\nb~', true",
        "'H  a\nH  b\n~~~', false",
        "'H  a\nH  b~~', false",
        "'H  a\n', false",
        "'~', false",
        "'', false"
    })
    void zeroTerminatedLinesAreRecognised(String text, boolean zeros) {
        assertThat(ZeroTerminated.isLikely(bytes(text.replace("H", MD5).replace('~', '\0'))))
                .isEqualTo(zeros);
    }
}
