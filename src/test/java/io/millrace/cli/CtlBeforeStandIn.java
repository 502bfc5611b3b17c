// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.telemetry.StandIn;
import io.millrace.telemetry.jmx.JmxServer;
import io.millrace.testkit.ChildJvm;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A service that remembers what it was told, and {@code millrace ctl} in processes of their own in front of it. */
abstract class CtlBeforeStandIn {
    @TempDir
    Path directory;

    final StandIn service = new StandIn();
    JmxServer face;

    @BeforeEach
    void open() throws Exception {
        face = service.open(directory);
    }

    @AfterEach
    void close() throws Exception {
        face.close();
    }

    final List<Object> describe(String... command) {
        List<Object> all = new ArrayList<>(List.of("ctl"));
        all.addAll(List.of(command));
        all.addAll(List.of("--credential", directory.resolve("jmx.credential")));
        return all;
    }

    final ChildJvm jvm(String... words) {
        return ChildJvm.of(Main.class, describe(words).toArray());
    }

    final ChildJvm.Result ctl(String... words) throws Exception {
        return jvm(words).run();
    }
}
