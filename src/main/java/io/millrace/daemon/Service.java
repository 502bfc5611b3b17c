// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.millrace.lifecycle.Opened;
import io.millrace.lifecycle.ServiceSignals;
import io.millrace.lifecycle.ServiceSignals.Wish;
import io.millrace.posix.BytePath;
import io.millrace.posix.Fallbacks;
import io.millrace.posix.Posix;
import io.millrace.posix.Roots;
import io.millrace.posix.SyscallErrors;
import io.millrace.prealloc.PoolListener;
import io.millrace.prealloc.PoolState;
import io.millrace.prealloc.Preallocator;
import io.millrace.prealloc.PreallocatorOptions;
import io.millrace.scan.ScansListener;
import io.millrace.telemetry.DaemonControl;
import io.millrace.telemetry.JmxEvents;
import io.millrace.telemetry.Metrics;
import io.millrace.telemetry.Subjects;
import io.millrace.worker.WorkerListener;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The service: opens its parts in order, tells systemd how it is until it is asked to stop, and closes them in reverse.
 * One thread opens, runs and closes it; reload and stop may be asked for from any.
 */
public final class Service implements DaemonControl, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Service.class);

    /** How often the status line is looked at. */
    private static final Duration BEAT = Duration.ofSeconds(5);

    /** The same while something is on its way: pools that fill, a face that moves. */
    private static final Duration QUICK_BEAT = Duration.ofSeconds(1);

    /** What closing may take, told to systemd before. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Of each step in which a worker's process is ended: a busy one, and one that waits, come to three. */
    private static final Duration LAST_STEP = Duration.ofSeconds(1);

    private final Posix posix;
    private final BytePath file;
    private final ServiceSignals signals;
    private final String version;
    private final ServiceManager manager;
    private final Instant started = Instant.now();
    private final Opened parts;
    private final Engine engine;
    private final Faces faces;
    private final Changeover changeover;
    private volatile Configuration configuration;
    private volatile Roots roots;
    private volatile boolean begun;

    @GuardedBy("this") private boolean closing;

    private Service(
            Posix posix,
            BytePath file,
            Configuration configuration,
            ServiceSignals signals,
            String version,
            Opened parts)
            throws IOException {
        this.posix = posix;
        this.file = file;
        this.configuration = configuration;
        this.signals = signals;
        this.version = version;
        this.parts = parts;
        this.roots = new Roots(posix.files(), configuration.roots());
        this.manager = ServiceManager.ofEnvironment(posix, System.getenv());
        var state = parts.add(StateDirectory.open(posix, configuration.stateDirectory()));
        var log = new ServiceLog();
        var metrics = parts.add(new Metrics(version, SyscallErrors::snapshot));
        var events = new JmxEvents();
        var results = new Results(posix, state.below("results"));
        this.engine = Engine.open(
                posix,
                state,
                FanOut.to(PoolListener.class, List.of(metrics, events, log)),
                new CopyOnWriteArrayList<ScansListener>(List.of(metrics, results, events, log)),
                FanOut.to(WorkerListener.class, List.of(metrics, events, log)),
                parts);
        var subjects = new Subjects(
                posix,
                this,
                engine.pools(),
                new Preallocator(posix, PreallocatorOptions.DEFAULT, metrics),
                engine.scans(),
                engine.sources(),
                engine.workers(),
                () -> roots,
                () -> this.configuration.reserve());
        metrics.show(subjects);
        this.faces = parts.add(new Faces(configuration, subjects, metrics, events, engine::isAlive));
        this.changeover = new Changeover((before, next) -> faces.apply(next), engine::apply);
    }

    /** Requests may come from the first line on, and a reload that is asked for has to wait. */
    private synchronized void begin() throws StartException {
        try {
            StateDirectory.make(posix, configuration.runtimeDirectory());
            faces.open();
        } catch (IOException e) {
            throw StartException.of(e);
        }
        engine.begin(configuration); // last, since from here on it works
        begun = true;
    }

    /**
     * Opens everything and begins to work.
     *
     * @param file what {@link #reload} will read
     * @throws StartException where something else is in the way
     */
    public static Service start(
            Posix posix, BytePath file, Configuration configuration, ServiceSignals signals, String version)
            throws IOException {
        LibraryLog.join();
        Fallbacks.onUse(LOG::warn);
        var parts = new Opened();
        try {
            var service = new Service(posix, file, configuration, signals, version, parts);
            service.begin();
            return service;
        } catch (IOException | RuntimeException | Error e) {
            try {
                parts.close();
            } catch (Exception more) {
                e.addSuppressed(more);
            }
            throw e;
        }
    }

    /** Returns when it was asked to stop. */
    public void run() throws InterruptedException {
        String said = sentence();
        LOG.info("started by {}: {}", file, said);
        manager.isReady(said);
        var watch = new Watch(engine::isAlive, manager);
        Optional<Wish> wish = Optional.empty();
        while (!wish.equals(Optional.of(Wish.STOP))) {
            if (wish.isPresent()) {
                reloadBySignal();
            }
            watch.beat();
            faces.settle();
            String now = sentence();
            if (!now.equals(said)) {
                said = now;
                manager.says(said);
            }
            Duration pause = isReady() && faces.areSettled() ? BEAT : QUICK_BEAT;
            wish = signals.await(watch.period().compareTo(pause) < 0 ? watch.period() : pause);
        }
        LOG.info("stopping");
        manager.isStopping("stopping: " + said);
        manager.needs(PATIENCE);
    }

    private void reloadBySignal() {
        try {
            reload();
        } catch (IOException | RuntimeException e) {
            LOG.debug("the reload that SIGHUP asked for failed", e); // and the log knows why by now
        }
    }

    @Override
    public synchronized String reload() throws IOException {
        if (closing) {
            throw new IllegalStateException("the service is stopping");
        }
        manager.isReloading();
        try {
            Configuration before = configuration;
            Configuration next = ConfigurationFile.readAnew(posix, file, before);
            changeover.apply(before, next);
            roots = new Roots(posix.files(), next.roots());
            configuration = next;
            String words = ReloadWords.of(before, next);
            LOG.info("reloaded {}: {}", file, words);
            refreshBeans();
            return words;
        } catch (IOException e) {
            String.valueOf(e.getMessage()).lines().forEach(LOG::error);
            LOG.error("the configuration {}", e instanceof Changeover.Torn ? "is torn" : "stays as it was");
            LOG.debug("why", e);
            throw e;
        } catch (RuntimeException e) {
            LOG.error("the configuration stays as it was, since reading it anew failed", e);
            throw e;
        } finally {
            manager.isReady(sentence());
        }
    }

    private void refreshBeans() {
        try {
            faces.refresh();
        } catch (RuntimeException e) {
            LOG.warn("what clients of JMX see is out of date until they list it", e);
        }
    }

    @Override
    public void stop() {
        signals.ask(Wish.STOP);
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public Instant started() {
        return started;
    }

    @Override
    public String configuration() {
        return file.display();
    }

    @Override
    public String sentence() {
        return Sentence.of(
                faces.troubles(),
                engine.pools().statuses(),
                engine.workers().statuses(),
                engine.scans().statuses(),
                engine.sources().statuses(),
                Instant.now(),
                ZoneId.systemDefault());
    }

    @Override
    public boolean isReady() {
        return begun && engine.pools().statuses().stream().allMatch(pool -> pool.state() == PoolState.READY);
    }

    /** Ends everything, after a reload under way; what is to outlive the process is kept. */
    @Override
    public void close() throws Exception {
        synchronized (this) {
            closing = true;
        }
        engine.workers().hurry(LAST_STEP);
        parts.close();
        LOG.info("stopped");
    }
}
