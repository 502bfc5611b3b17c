// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.telemetry.http.HttpRequestHead.BadRequestException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpRequestHeadTest {
    private static HttpRequestHead parse(String text) throws BadRequestException {
        byte[] bytes = text.getBytes(ISO_8859_1);
        int end = HttpRequestHead.end(bytes, 0, bytes.length);
        assertThat(end).isPositive();
        return HttpRequestHead.parse(bytes, 0, end);
    }

    @Test
    void understandsARequest() throws Exception {
        var head = parse("GET /a?b HTTP/1.1\r\nHost:  x \r\nACCEPT: 1\r\nAccept: 2\r\n\r\nGET");
        assertThat(head.method()).isEqualTo("GET");
        assertThat(head.target().getPath()).isEqualTo("/a");
        assertThat(head.headers().getFirst("host")).isEqualTo("x");
        assertThat(head.headers().get("Accept")).containsExactly("1", "2");
        assertThat(head.keepsAlive()).isTrue();
        assertThat(head.hasBody()).isFalse();
    }

    @Test
    void knowsWhenAConnectionEndsWithItsAnswer() throws Exception {
        assertThat(parse("GET / HTTP/1.0\r\n\r\n").keepsAlive()).isFalse();
        assertThat(parse("GET / HTTP/1.1\r\nConnection: x, Close\r\n\r\n").keepsAlive())
                .isFalse();
        assertThat(parse("GET / HTTP/1.1\r\nContent-Length: 0\r\n\r\n").keepsAlive())
                .isTrue();
        assertThat(parse("GET / HTTP/1.1\r\nContent-Length: 3\r\n\r\n").keepsAlive())
                .isFalse();
        assertThat(parse("GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n").keepsAlive())
                .isFalse();
    }

    @Test
    void findsTheEndWhereverItIsCut() {
        byte[] bytes = "GET / HTTP/1.1\r\nA: b\r\n\r\nmore".getBytes(ISO_8859_1);
        int end = bytes.length - "more".length();
        for (int to = 0; to < end; to++) {
            assertThat(HttpRequestHead.end(bytes, 0, to)).as("%d bytes", to).isEqualTo(-1);
        }
        for (int to = end; to <= bytes.length; to++) {
            assertThat(HttpRequestHead.end(bytes, Math.max(0, end - 4), to)).isEqualTo(end);
        }
        byte[] bare = "GET / HTTP/1.1\n\nmore".getBytes(ISO_8859_1);
        assertThat(HttpRequestHead.end(bare, 0, bare.length)).isEqualTo(bare.length - "more".length());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET\r\n\r\n",
                "GET / HTTP/2.0\r\n\r\n",
                "GET  / HTTP/1.1\r\n\r\n",
                "G(T / HTTP/1.1\r\n\r\n",
                "GET /| HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\n folded: x\r\n\r\n",
                "GET / HTTP/1.1\r\nHost : x\r\n\r\n",
                "GET / HTTP/1.1\r\nHost\r\n\r\n",
                "GET / HTTP/1.1\r\n: x\r\n\r\n",
                "GET / HTTP/1.1\r\nA\0: x\r\n\r\n",
                "GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
                "GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                "GET / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
                "GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"
            })
    void refusesWhatIsNoRequest(String text) {
        assertThatThrownBy(() -> parse(text)).isInstanceOf(BadRequestException.class);
    }

    @Test
    void refusesTooManyFields() {
        assertThatThrownBy(() -> parse("GET / HTTP/1.1\r\n" + "A: b\r\n".repeat(101) + "\r\n"))
                .hasMessage("more than 100 header fields");
    }
}
