// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.telemetry.HttpIT;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where it listens by IPv6; the other names are asked for over sockets by {@link HttpIT}. */
class HostNamesTest {
    private static final int ZONE = 1;

    private final HostNames names = new HostNames(List.of("[2001:DB8::7]", "192.0.2.7"));

    @ParameterizedTest
    @CsvSource({
        "[::1], true",
        "[::1]:9847, true",
        "[0:0:0:0:0:0:0:1]:9847, true",
        "[2001:db8:0::7]:443, true",
        "192.0.2.7:1, true",
        "localhost, true",
        "[::2], false",
        "[::1%lo].evil.example, false",
        "[::1]evil, false",
        "[::1, false",
        "::1, false",
        "[evil.example], false",
        "'', false"
    })
    void areKnownInEveryFormOfTheAddress(String host, boolean known) throws UnknownHostException {
        assertThat(names.allow(host, InetAddress.getByName("::1"))).isEqualTo(known);
    }

    @ParameterizedTest
    @CsvSource({"[fe80::7], true", "[fe80::7]:9847, true", "[fe80::7%eth0]:9847, true", "[fe80::8], false"})
    void ofALinkLocalAddressGoWithoutItsZone(String host, boolean known) throws UnknownHostException {
        byte[] address = InetAddress.getByName("fe80::7").getAddress();
        assertThat(names.allow(host, Inet6Address.getByAddress("", address, ZONE)))
                .isEqualTo(known);
    }

    @Test
    void areNotTakenFromAnAddressThatWasNotAskedAt() throws UnknownHostException {
        assertThat(names.allow("127.0.0.1", InetAddress.getByName("::1"))).isFalse();
    }
}
