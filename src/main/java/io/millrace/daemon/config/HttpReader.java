// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.config;

import io.millrace.telemetry.ListenAddress;
import io.millrace.telemetry.http.HttpOptions;
import java.util.List;
import java.util.Optional;

/** Reads {@code http}. */
final class HttpReader {
    private static final ValueParser<ListenAddress> LISTEN = ValueParser.of(ListenAddress::parse);

    /** Empty if HTTP is disabled. */
    private static final ValueParser<Optional<ListenAddress>> LISTEN_OR_OFF =
            scalar -> scalar.text().equals("off") ? Optional.empty() : Optional.of(LISTEN.read(scalar));

    private static final ValueParser<String> HOST = ValueParser.of(HttpReader::host);

    private HttpReader() {}

    static HttpOptions read(Section keys) {
        var usual = HttpOptions.DEFAULT;
        Optional<ListenAddress> listen = keys.value("listen", LISTEN_OR_OFF).orElse(Optional.of(usual.listen()));
        List<String> hosts = keys.values("hosts", HOST);
        keys.refuseOthers();
        return listen.map(where -> new HttpOptions(where, hosts)).orElse(HttpOptions.OFF);
    }

    private static String host(String text) {
        return new HttpOptions(HttpOptions.DEFAULT.listen(), List.of(text))
                .hosts()
                .get(0);
    }
}
