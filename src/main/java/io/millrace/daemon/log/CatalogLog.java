// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.log;

import io.millrace.catalog.record.Finding;
import io.millrace.catalog.record.Verdict;
import io.millrace.pagecache.PhysicalRange;
import io.millrace.posix.libc.BytePath;
import io.millrace.scan.catalog.Alarm;
import io.millrace.scan.catalog.CatalogKeeperListener;
import io.millrace.scan.record.RecordedFile;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what operators have to know about the catalog, and about files that are not what it has. Any thread. */
public final class CatalogLog implements CatalogKeeperListener {
    private static final Logger LOG = LoggerFactory.getLogger("io.millrace");

    /** Of one file; its results have all. */
    private static final int MAX_RANGES = 8;

    @Override
    public void onOpened(BytePath database) {
        LOG.info("catalog: {} is open", database);
    }

    @Override
    public void onFailed(String why) {
        LOG.error("catalog: {}; sources that verify fail, and nothing is recorded", why);
    }

    @Override
    public void onNotice(String line) {
        LOG.warn("{}", line);
    }

    @Override
    public void onBackup(BytePath backup) {
        LOG.info("catalog: backup {} is complete", backup);
    }

    @Override
    public void onBackupFailed(String why) {
        LOG.error("catalog: no backup, and it is tried again in an hour: {}", why);
    }

    @Override
    public void onPromiseAtRisk(String line) {
        LOG.error("{}", line);
    }

    @Override
    public void onPromiseKept(String source) {
        LOG.info("source {}: verify-within will be kept again", source);
    }

    /** The line about a file with an alarm: {@code /data/f: corrupt: bytes 0-1048575 (/dev/sdb at byte 81920); what to do}. */
    static String alarm(RecordedFile file) {
        Verdict verdict = file.verdict().orElse(Verdict.OK);
        String ranges = file.findings().stream()
                .limit(MAX_RANGES)
                .map(finding -> range(finding, file))
                .collect(Collectors.joining(", "));
        String more = file.findings().size() > MAX_RANGES
                ? " and " + (file.findings().size() - MAX_RANGES) + " more ranges"
                : "";
        return file.path() + ": " + verdict.label() + (ranges.isEmpty() ? "" : ": bytes " + ranges) + more + "; "
                + Alarm.advice(file.path(), verdict);
    }

    private static String range(Finding finding, RecordedFile file) {
        String bytes = finding.range().offsetBytes() + "-" + (finding.range().endBytes() - 1);
        return bytes
                + file.places().stream()
                        .filter(place -> place.file().offsetBytes()
                                        < finding.range().endBytes()
                                && finding.range().offsetBytes() < place.file().endBytes())
                        .map(CatalogLog::place)
                        .limit(2)
                        .collect(Collectors.joining(", "))
                        .transform(places -> places.isEmpty() ? "" : " (" + places + ")");
    }

    private static String place(PhysicalRange place) {
        return place.device().map(name -> name + " ").orElse("") + "at byte " + place.deviceBytes();
    }
}
