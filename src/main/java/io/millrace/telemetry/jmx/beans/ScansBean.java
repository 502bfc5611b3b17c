// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.beans;

import io.millrace.files.Roots;
import io.millrace.scan.job.ScanRequest;
import io.millrace.telemetry.ScanInfo;
import io.millrace.telemetry.ServiceParts;
import io.millrace.telemetry.StatusJson;
import io.millrace.units.ByteRate;
import java.io.IOException;
import java.util.List;

/** Implements the MXBean for all scans. Its requests are limited to the roots and to configured workers. */
final class ScansBean implements ScansMXBean {
    private final ServiceParts parts;

    ScansBean(ServiceParts parts) {
        this.parts = parts;
    }

    @Override
    public ScanInfo[] getScans() {
        return StatusAttributes.all(ScanInfo.class, parts.scans().statuses(), StatusJson::scan);
    }

    @Override
    public int getActive() {
        return (int) parts.scans().statuses().stream()
                .filter(status -> !status.state().isOver())
                .count();
    }

    @Override
    public long getTotalRateBytesPerSecond() {
        return parts.scans().totalRate();
    }

    @Override
    public ScanInfo show(String id) {
        return StatusAttributes.of(ScanInfo.class, StatusJson.scan(parts.scans().status(id)));
    }

    @Override
    public String showJson(String id) {
        return StatusJson.lines("scan", List.of(StatusJson.scan(parts.scans().status(id))))
                .get(0);
    }

    @Override
    public String start(String source) {
        return parts.sources().start(source);
    }

    @Override
    public String startPaths(String[] paths, String[] digests, String[] workers, String cachePolicy, String rate)
            throws IOException {
        Roots roots = parts.roots().get();
        ScanRequest request = RequestParser.scan(roots, paths, digests, workers, cachePolicy, rate);
        RequestParser.refuseOutside(roots, request.paths());
        return parts.scans().start(request);
    }

    @Override
    public String startPath(String path, String digests, String workers, String cachePolicy, String rate)
            throws IOException {
        return startPaths(
                new String[] {path},
                RequestParser.describe(digests),
                RequestParser.describe(workers),
                cachePolicy,
                rate);
    }

    @Override
    public String pause(String id) {
        return confirm(id, parts.scans().pause(id), "paused");
    }

    @Override
    public String resume(String id) {
        return confirm(id, parts.scans().resume(id), "resumed");
    }

    @Override
    public String cancel(String id) {
        return confirm(id, parts.scans().cancel(id), "asked to end");
    }

    @Override
    public String rate(String id, String rate) {
        ByteRate limit = RequestParser.rate(rate);
        return confirm(id, parts.scans().setRate(id, limit.bytesPerSecond()), describe(limit));
    }

    @Override
    public String totalRate(String rate) {
        ByteRate limit = RequestParser.rate(rate);
        parts.scans().setTotalRate(limit.bytesPerSecond());
        return "all scans: " + describe(limit);
    }

    private static String describe(ByteRate rate) {
        return rate.bytesPerSecond() == ByteRate.UNLIMITED ? "no limit" : "at most " + rate;
    }

    private static String confirm(String id, boolean done, String what) {
        if (!done) {
            throw new IllegalStateException("scan " + id + " is over");
        }
        return "scan " + id + ": " + what;
    }
}
