// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.config;

import io.millrace.posix.libc.BytePath;
import io.millrace.telemetry.ListenAddress;
import io.millrace.telemetry.jmx.access.JmxOptions.Tls;
import io.millrace.telemetry.jmx.access.JmxOptions;
import java.util.List;
import java.util.Optional;

/** Reads {@code jmx}. */
final class JmxReader {
    /** Replaces a refused file, so that nothing else is reported as missing. */
    private static final BytePath STAND_IN = BytePath.of("/");

    private static final ValueParser<ListenAddress> LISTEN = ValueParser.of(JmxReader::listen);

    private final ConfigurationPaths home;

    JmxReader(ConfigurationPaths home) {
        this.home = home;
    }

    JmxOptions read(Section keys) {
        keys.leave(List.of("listen"));
        Optional<BytePath> access = keys.has("access")
                ? Optional.of(keys.value("access", ValueParser.of(home::secret)).orElse(STAND_IN))
                : Optional.empty();
        Optional<Tls> tls = keys.has("tls") ? Optional.of(tls(keys.section("tls"))) : Optional.empty();
        var options = keys.change(
                new JmxOptions(JmxOptions.DEFAULT.listen(), access, tls),
                "listen",
                LISTEN,
                (o, listen) -> new JmxOptions(listen, o.access(), o.tls()));
        keys.refuseOthers();
        return options;
    }

    private static ListenAddress listen(String text) {
        if (text.equals("off")) {
            throw new IllegalArgumentException("JMX is what 'millrace ctl' speaks, so it is never off");
        }
        return ListenAddress.parse(text);
    }

    private Tls tls(Section keys) {
        keys.require("key-store");
        keys.require("trust-store");
        keys.require("password-file");
        var tls = new Tls(
                keys.value("key-store", ValueParser.of(home::secret)).orElse(STAND_IN),
                keys.value("trust-store", ValueParser.of(home::file)).orElse(STAND_IN),
                keys.value("password-file", ValueParser.of(home::secret)).orElse(STAND_IN));
        keys.refuseOthers();
        return tls;
    }
}
