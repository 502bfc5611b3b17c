// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.posix.libc.BytePath;
import io.millrace.telemetry.http.HttpOptions;
import io.millrace.telemetry.jmx.access.JmxOptions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the faces listen, and what they need for it. */
class ListenAddressTest {
    private static final Optional<BytePath> ACCESS = Optional.of(BytePath.of("/users"));
    private static final Optional<JmxOptions.Tls> TLS =
            Optional.of(new JmxOptions.Tls(BytePath.of("/k"), BytePath.of("/t"), BytePath.of("/p")));

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:9847, 127.0.0.1:9847, true",
        "localhost:0, 127.0.0.1:0, true",
        "127.255.255.254:1, 127.255.255.254:1, true",
        "0.0.0.0:65535, 0.0.0.0:65535, false",
        "192.0.2.255:80, 192.0.2.255:80, false",
        "[::1]:9847, [0:0:0:0:0:0:0:1]:9847, true",
        "[::]:9847, [0:0:0:0:0:0:0:0]:9847, false",
        "[2001:DB8::7]:9847, [2001:db8:0:0:0:0:0:7]:9847, false",
        "[::ffff:127.0.0.1]:9847, 127.0.0.1:9847, true"
    })
    void anAddressIsNumericAndReadWithoutAResolver(String text, String form, boolean loopback) {
        var listen = ListenAddress.parse(text);
        assertThat(listen).hasToString(form);
        assertThat(listen.isLoopback()).isEqualTo(loopback);
        assertThat(ListenAddress.parse(form)).isEqualTo(listen);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "9847",
                ":9847",
                "127.0.0.1",
                "127.0.0.1:",
                "127.0.0.1:-1",
                "127.0.0.1:65536",
                "127.0.0.1:099",
                "127.0.0.1:9847 ",
                "127.0.0.1:a",
                "127.1:9847",
                "127.0.0.256:1",
                "127.0.0.01:1",
                "127.0.0.1.:1",
                "127.0.0.1.1:1",
                "0x7f000001:1",
                "2130706433:1",
                "*:1",
                "example.org:1",
                "LOCALHOST:1",
                "::1:9847",
                "[::1]",
                "[::1:9847",
                "[]:1",
                "[a]:1",
                "[127.0.0.1]:1",
                "[::1%lo]:1",
                "[:::]:1",
                "[1:2:3]:1",
                "[localhost]:1",
                "[::g]:1",
                "224.0.0.1:1",
                "[ff02::1]:1",
                "127.0.0.1:1:2",
                "off"
            })
    void whatIsNoneIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ListenAddress.parse(text))
                .matches(e -> e.getMessage().length() > 10);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:1, 127.0.0.1:1, true",
        "127.0.0.1:1, 127.0.0.1:2, false",
        "127.0.0.1:0, 127.0.0.1:0, false",
        "127.0.0.1:1, 127.0.0.2:1, false",
        "127.0.0.1:1, [::1]:1, false",
        "0.0.0.0:1, 192.0.2.1:1, true",
        "127.0.0.1:1, [::]:1, true"
    })
    void isInTheWayOfWhoeverWantsTheSamePortThere(String one, String other, boolean meets) {
        assertThat(ListenAddress.parse(one).isInTheWayOf(ListenAddress.parse(other)))
                .isEqualTo(meets);
        assertThat(ListenAddress.parse(other).isInTheWayOf(ListenAddress.parse(one)))
                .isEqualTo(meets);
    }

    @Test
    void jmxBeyondLoopbackNeedsAccessAndTls() {
        var open = ListenAddress.parse("192.0.2.1:1");
        assertThat(new JmxOptions(open, ACCESS, TLS).access()).isEqualTo(ACCESS);
        assertThat(new JmxOptions(ListenAddress.parse("[::1]:1"), ACCESS, Optional.empty()).tls())
                .isEmpty();
        String why = "192.0.2.1 can be reached from other machines, and its clients control the service:"
                + " that needs both access and tls; ";
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new JmxOptions(open, ACCESS, Optional.empty()))
                .withMessage(why + "tls is missing");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new JmxOptions(open, Optional.empty(), TLS))
                .withMessage(why + "access is missing");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new JmxOptions(open, Optional.empty(), Optional.empty()))
                .withMessage(why + "access and tls are missing");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new JmxOptions(ListenAddress.parse("0.0.0.0:1"), ACCESS, Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"status.example.org", "a", "192.0.2.7", "[2001:db8::7]", "under_score", "x-1"})
    void aHostIsANameOrAnAddress(String host) {
        assertThat(new HttpOptions(HttpOptions.DEFAULT.listen(), List.of(host)).hosts())
                .containsExactly(host);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "*", "a:80", "http://a", "a/", "a b", "-a", "a.", "2001:db8::7", "\u00e9", "a\r\nb", "<"})
    void anythingElseIsNoHost(String host) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HttpOptions(HttpOptions.DEFAULT.listen(), List.of(host)))
                .withMessageStartingWith("'" + host + "' is not a host");
    }

    @Test
    void httpMayBeOff() {
        assertThat(HttpOptions.OFF.enabled()).isFalse();
        assertThat(HttpOptions.DEFAULT.enabled()).isTrue();
    }
}
