// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import io.millrace.telemetry.HttpOptions;
import io.millrace.telemetry.Listen;
import java.util.List;
import java.util.Optional;

/** Reads {@code http}. */
final class HttpReader {
    private static final Kind<Listen> LISTEN = Kind.of(Listen::parse);

    /** Empty where there is to be none. */
    private static final Kind<Optional<Listen>> LISTEN_OR_OFF =
            scalar -> scalar.text().equals("off") ? Optional.empty() : Optional.of(LISTEN.read(scalar));

    private static final Kind<String> HOST = Kind.of(HttpReader::host);

    private HttpReader() {}

    static HttpOptions read(Section keys) {
        var usual = HttpOptions.DEFAULT;
        Optional<Listen> listen = keys.value("listen", LISTEN_OR_OFF).orElse(Optional.of(usual.listen()));
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
