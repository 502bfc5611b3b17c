// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import io.millrace.daemon.config.Configuration;
import io.millrace.daemon.config.ConfigurationFile;
import io.millrace.daemon.config.PathChecks;
import io.millrace.daemon.log.LibraryLog;
import io.millrace.daemon.log.ServiceLog;
import io.millrace.daemon.log.StallLog;
import io.millrace.files.Roots;
import io.millrace.lifecycle.AbandonableCalls;
import io.millrace.lifecycle.Closer;
import io.millrace.lifecycle.ServiceSignals.Wish;
import io.millrace.lifecycle.ServiceSignals;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Fallbacks;
import io.millrace.posix.libc.PosixException;
import io.millrace.posix.libc.SyscallErrorCounts;
import io.millrace.prealloc.Preallocator;
import io.millrace.prealloc.PreallocatorOptions;
import io.millrace.prealloc.pool.PoolListener;
import io.millrace.prealloc.pool.PoolState;
import io.millrace.scan.job.ScanServiceListener;
import io.millrace.telemetry.DaemonControl;
import io.millrace.telemetry.ServiceParts;
import io.millrace.telemetry.jmx.beans.JmxEvents;
import io.millrace.telemetry.jmx.client.ServiceFinder;
import io.millrace.telemetry.metrics.Metrics;
import io.millrace.worker.WorkerListener;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The service: opens its parts in order, reports its status to systemd until it is asked to stop, and closes the parts
 * in reverse order. One thread at a time opens, runs and closes it; any thread may request a reload or a stop.
 */
public final class Service implements DaemonControl, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Service.class);

    /** The interval between two updates of the status line. */
    private static final Duration BEAT = Duration.ofSeconds(5);

    /** The interval while a change is in progress: a pool is being filled, or an endpoint changes its address. */
    private static final Duration QUICK_BEAT = Duration.ofSeconds(1);

    /** The time that closing may take, which is announced to systemd beforehand. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** After this time close() stops waiting: threads that have not ended are blocked in the kernel. */
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(8);

    /** How long a stop waits for a running reload. */
    private static final Duration RELOAD_END_LIMIT = Duration.ofSeconds(1);

    /**
     * Within this time the requester of a reload receives its result, or an error that says the result is not known
     * yet.
     */
    private static final Duration RELOAD_LIMIT = Duration.ofSeconds(9);

    /** The time for each step of ending worker processes; busy and idle processes together need three steps. */
    private static final Duration LAST_STEP = Duration.ofSeconds(1);

    private final Posix posix;
    private final BytePath file;
    private final ServiceSignals signals;
    private final String version;
    private final ServiceManager manager;
    private final Instant started = Instant.now();
    private final BytePath resultsDirectory;
    private final Closer parts;
    private final Engine engine;
    private final Endpoints faces;
    private final ReloadTransaction changeover;
    private final ReloadQueue reloads = new ReloadQueue(this::applyFile);
    private final StallLog stalls;
    private volatile Configuration configuration;
    private volatile Roots roots;
    private volatile boolean begun;

    private volatile boolean closing;

    private Service(
            Posix posix,
            BytePath file,
            Configuration configuration,
            ServiceSignals signals,
            String version,
            Closer parts)
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
        parts.add(ServiceDirectory.open(
                posix, "the runtime directory", configuration.runtimeDirectory(), ServiceFinder.LOCK_NAME));
        var log = new ServiceLog();
        var metrics = parts.add(new Metrics(version, SyscallErrorCounts::snapshot));
        var events = new JmxEvents();
        this.resultsDirectory = state.below("results");
        var results = new ResultStore(posix, resultsDirectory);
        this.engine = Engine.open(
                posix,
                state,
                ListenerMulticaster.to(PoolListener.class, List.of(metrics, events, log)),
                new CopyOnWriteArrayList<ScanServiceListener>(List.of(metrics, results, events, log)),
                ListenerMulticaster.to(WorkerListener.class, List.of(metrics, events, log)),
                parts);
        this.stalls = new StallLog(engine.scans()::statuses, engine.pools()::stalled);
        var subjects = new ServiceParts(
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
        this.faces = parts.add(new Endpoints(configuration, subjects, metrics, events, engine::isAlive));
        this.changeover = new ReloadTransaction((before, next) -> faces.apply(next), engine::apply);
    }

    /**
     * Requests may arrive from the first statement on, and a requested reload must wait until the start is complete.
     */
    private synchronized void begin() throws StartException {
        try {
            faces.open();
        } catch (IOException e) {
            throw StartException.of(e);
        }
        engine.begin(configuration); // last, because the work starts here
        begun = true;
    }

    /**
     * Opens all parts and starts the work.
     *
     * @param file the file that {@link #reload} reads
     * @throws StartException if the service cannot start for a reason outside its configuration
     */
    public static Service start(
            Posix posix, BytePath file, Configuration configuration, ServiceSignals signals, String version)
            throws IOException {
        LibraryLog.join();
        Fallbacks.onUse(LOG::warn);
        var parts = new Closer();
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

    /**
     * Protects this process's memory, descriptors and environment from other processes of the same user, above all its
     * workers. If the kernel refuses this, a warning is logged.
     */
    public static void hideMemory(Posix posix) {
        try {
            posix.process().setNotDumpable();
        } catch (PosixException e) {
            LOG.warn("workers can read this process's memory: {}", e.getMessage());
        }
    }

    /** Returns after a stop was requested. */
    public void run() throws InterruptedException {
        String said = sentence();
        LOG.info("started by {}: {}", file, configuration.contents());
        manager.isReady(said);
        var watch = new Watchdog(engine::isAlive, manager);
        Optional<Wish> wish = Optional.empty();
        while (!wish.equals(Optional.of(Wish.STOP))) {
            if (wish.isPresent()) {
                reloads.ask();
            }
            watch.beat();
            stalls.look();
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

    @Override
    public String reload() throws IOException {
        if (closing) {
            throw new IllegalStateException("the service is stopping");
        }
        return reloads.run(RELOAD_LIMIT);
    }

    private synchronized String applyFile() throws IOException {
        manager.isReloading();
        try {
            Configuration before = configuration;
            var checks = new PathChecks(posix, PathChecks.AT_RELOAD);
            Configuration next = ConfigurationFile.readAnew(posix, file, checks, before);
            checks.warn();
            changeover.apply(before, next);
            roots = new Roots(posix.files(), next.roots());
            configuration = next;
            String words = ConfigurationDiff.of(before, next) + notChecked(checks);
            LOG.info("reloaded {}: {}", file, words);
            refreshBeans();
            return words;
        } catch (IOException e) {
            String.valueOf(e.getMessage()).lines().forEach(LOG::error);
            LOG.error("the configuration {}", e instanceof ReloadTransaction.Torn ? "is torn" : "stays as it was");
            LOG.debug("why", e);
            throw e;
        } catch (RuntimeException e) {
            LOG.error("the configuration stays as it was, since reading it anew failed", e);
            throw e;
        } finally {
            manager.isReady(sentence());
        }
    }

    private static String notChecked(PathChecks checks) {
        var unanswered = checks.unanswered();
        return unanswered.isEmpty() ? "" : "; not known yet: " + String.join("; ", unanswered);
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
        return StatusLine.of(
                faces.troubles(),
                engine.pools().statuses(),
                engine.workers().statuses(),
                engine.scans().statuses(),
                engine.sources().statuses(),
                Instant.now(),
                ZoneId.systemDefault());
    }

    @Override
    public List<String> troubles() {
        return faces.troubles();
    }

    @Override
    public String resultsDirectory() {
        return resultsDirectory.display();
    }

    @Override
    public boolean isReady() {
        return begun && engine.pools().statuses().stream().allMatch(pool -> pool.state() == PoolState.READY);
    }

    /**
     * Closes all parts, after a running reload, and keeps persistent state. Returns within 10 s even if a thread is
     * blocked in a system call that does not return; such a thread ends with the process.
     */
    @Override
    public void close() throws Exception {
        closing = true;
        reloads.close(RELOAD_END_LIMIT);
        engine.workers().hurry(LAST_STEP);
        var end = new FutureTask<Void>(() -> {
            parts.close();
            return null;
        });
        AbandonableCalls.start("millrace-stop", end);
        try {
            end.get(CLOSE_LIMIT.toNanos(), TimeUnit.NANOSECONDS);
            LOG.info("stopped");
        } catch (TimeoutException e) {
            LOG.warn("stopped without waiting any longer for what the kernel does not answer: {}", StallLog.inKernel());
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception why ? why : e;
        }
    }
}
