// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.posix.ByteSize;
import io.millrace.posix.Roots;
import io.millrace.scan.RateLimiter;
import io.millrace.scan.ScanRequest;
import io.millrace.scan.ScanStatus;
import java.io.IOException;

/** All scans. Requests from here are bound to the roots and to configured workers. */
final class ScansBean implements ScansMXBean {
    private final Controls controls;

    ScansBean(Controls controls) {
        this.controls = controls;
    }

    @Override
    public ScanFacts[] getScans() {
        return controls.scans().statuses().stream()
                .map(status -> new ScanView(() -> status))
                .toArray(ScanFacts[]::new);
    }

    @Override
    public int getActive() {
        return (int) controls.scans().statuses().stream()
                .filter(status -> !status.state().isOver())
                .count();
    }

    @Override
    public long getTotalRateBytesPerSecond() {
        return controls.scans().totalRate();
    }

    @Override
    public ScanFacts show(String id) {
        ScanStatus status = controls.scans().status(id);
        return new ScanView(() -> status);
    }

    @Override
    public String start(String source) {
        return controls.sources().start(source);
    }

    @Override
    public String startPaths(String[] paths, String[] digests, String[] workers, String cachePolicy, String rate)
            throws IOException {
        Roots roots = controls.roots().get();
        ScanRequest request = Requests.scan(roots, paths, digests, workers, cachePolicy, rate);
        Requests.refuseOutside(roots, request.paths());
        return controls.scans().start(request);
    }

    @Override
    public String startPath(String path, String digests, String workers, String cachePolicy, String rate)
            throws IOException {
        return startPaths(new String[] {path}, Requests.words(digests), Requests.words(workers), cachePolicy, rate);
    }

    @Override
    public String pause(String id) {
        return said(id, controls.scans().pause(id), "paused");
    }

    @Override
    public String resume(String id) {
        return said(id, controls.scans().resume(id), "resumed");
    }

    @Override
    public String cancel(String id) {
        return said(id, controls.scans().cancel(id), "asked to end");
    }

    @Override
    public String rate(String id, String rate) {
        long limit = Requests.rate(rate);
        return said(id, controls.scans().setRate(id, limit), words(limit));
    }

    @Override
    public String totalRate(String rate) {
        long limit = Requests.rate(rate);
        controls.scans().setTotalRate(limit);
        return "all scans: " + words(limit);
    }

    private static String words(long rate) {
        return rate == RateLimiter.UNLIMITED ? "no limit" : "at most " + ByteSize.format(rate) + "/s";
    }

    private static String said(String id, boolean done, String what) {
        if (!done) {
            throw new IllegalStateException("scan " + id + " is over");
        }
        return "scan " + id + ": " + what;
    }
}
