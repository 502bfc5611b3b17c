// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.config;

import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.PosixException;
import io.millrace.prealloc.Reserve;
import io.millrace.worker.WorkerSpec;
import java.util.List;
import java.util.Map;

/** Reads the top level of the file and delegates each section to its own reader. */
final class ConfigurationReader {
    /** The packaged default; whether the directory exists is checked when the service starts. */
    private static final BytePath STATE_DIRECTORY = BytePath.of("/var/lib/millrace");

    static final BytePath RUNTIME_DIRECTORY = BytePath.of("/run/millrace");

    private static final double RESERVE_PERCENT = 5;

    /** All keys except {@code workers}. */
    private static final List<String> OTHER_KEYS = List.of(
            "state-directory",
            "runtime-directory",
            "http",
            "jmx",
            "roots",
            "reserve",
            "limits",
            "pools",
            "sources",
            "catalog");

    private final Posix posix;
    private final PathChecks checks;
    private final ConfigurationPaths home;
    private final WorkerReader workers;

    /** @throws PosixException if the working directory cannot be determined */
    ConfigurationReader(Posix posix, PathChecks checks, BytePath file) throws PosixException {
        this.posix = posix;
        this.checks = checks;
        this.home = ConfigurationPaths.of(posix, checks, file);
        this.workers = new WorkerReader(checks, file.parent());
    }

    Configuration read(Section top) {
        var directory = ValueParser.of(home::directoryToBe);
        BytePath state = top.value("state-directory", directory).orElse(STATE_DIRECTORY);
        BytePath runtime = top.value("runtime-directory", directory).orElse(RUNTIME_DIRECTORY);
        Section httpKeys = top.section("http");
        var http = HttpReader.read(httpKeys);
        Section jmxKeys = top.section("jmx");
        var jmx = new JmxReader(home).read(jmxKeys);
        if (http.enabled() && http.listen().isInTheWayOf(jmx.listen())) {
            String why = "http and jmx cannot both have port " + jmx.listen().port() + "; each needs its own";
            (jmxKeys.has("listen") ? jmxKeys : httpKeys).refuse("listen", why);
        }
        var roots = top.values("roots", ValueParser.of(home::directory));
        Reserve reserve = top.value("reserve", PoolReader.RESERVE).orElse(new Reserve(0, RESERVE_PERCENT));
        Section limitKeys = top.section("limits");
        var limits = ReadingLimits.read(limitKeys, ReadingLimits.usual());
        limitKeys.refuseOthers();
        var overlap = new PoolOverlap(checks);
        overlap.add("the state directory", state);
        overlap.add("the runtime directory", runtime);
        var pools = new PoolReader(posix, home, overlap).read(top.section("pools"), reserve);
        Section workerKeys = top.section("workers");
        var specs = workers.read(workerKeys);
        var sources = new SourceReader(home, new WorkerNames(workerKeys.names()), limits).read(top.section("sources"));
        var catalog = new CatalogKeys(home).read(top, state, sources.values());
        top.refuseOthers();
        return new Configuration(
                state,
                runtime,
                http,
                jmx,
                roots,
                reserve,
                limits.bytesPerSecond(),
                limits.scanDefaults(),
                pools,
                specs,
                sources,
                catalog);
    }

    /** Reads like {@link #read} and reports values that cannot change while the service runs. */
    Configuration readAnew(Section top, Configuration running) {
        Configuration next = read(top);
        refuseChange(top, "state-directory", running.stateDirectory(), next.stateDirectory());
        refuseChange(top, "runtime-directory", running.runtimeDirectory(), next.runtimeDirectory());
        if (running.catalog().isPresent() && next.catalog().isPresent()) {
            refuseChange(
                    top.section("catalog"),
                    "directory",
                    running.catalog().get().directory(),
                    next.catalog().get().directory());
        }
        return next;
    }

    private static void refuseChange(Section top, String key, BytePath now, BytePath next) {
        if (!now.equals(next)) {
            top.refuse(key, "cannot change from " + now + " to " + next + " while the service runs; restart it");
        }
    }

    /** Reads only the workers; the content of the other sections is not checked. */
    Map<String, WorkerSpec> readWorkers(Section top) {
        top.leave(OTHER_KEYS);
        var specs = workers.read(top.section("workers"));
        top.refuseOthers();
        return specs;
    }
}
