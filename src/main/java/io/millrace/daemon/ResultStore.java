// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import io.millrace.posix.Directory;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import io.millrace.scan.FileResult;
import io.millrace.scan.JsonLine;
import io.millrace.scan.ResultJson;
import io.millrace.scan.ScanSummary;
import io.millrace.scan.job.CatalogOutcome;
import io.millrace.scan.job.ScanServiceListener;
import io.millrace.scan.job.ScanState;
import io.millrace.scan.job.ScanStatus;
import io.millrace.scan.record.RecordJson;
import io.millrace.scan.record.RecordedFile;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores the results of the last complete scan of each source, and of the last complete requested scan, as
 * {@code NAME.ndjson}: one line of JSON for each file, then the summary. A running scan writes {@code ID.part}, which
 * replaces the previous results when the scan is complete. A failure to write results is logged once and does not
 * affect the scan.
 */
final class ResultStore implements ScanServiceListener {
    private static final Logger LOG = LoggerFactory.getLogger(ResultStore.class);

    private static final Set<OpenFlag> DIRECTORY = Set.of(OpenFlag.READ_ONLY, OpenFlag.DIRECTORY, OpenFlag.NO_FOLLOW);
    private static final String UNDER_WAY = ".part";

    private final Posix posix;
    private final BytePath directory;
    private final Map<String, ResultFile> open = new ConcurrentHashMap<>();

    /**
     * Removes the partial files that scans of a killed service have left in the directory, which only this class uses.
     */
    ResultStore(Posix posix, BytePath directory) {
        this.posix = posix;
        this.directory = directory;
        try {
            removeLeftovers();
        } catch (PosixException e) {
            LOG.warn("{}", e.getMessage()); // leftover files do no harm
        }
    }

    private void removeLeftovers() throws PosixException {
        try (Directory entries = posix.files().list(posix.files().open(directory, DIRECTORY), directory)) {
            List<Directory.Entry> batch = entries.nextBatch();
            while (batch != null) {
                for (Directory.Entry entry : batch) {
                    BytePath path = directory.resolve(entry.name());
                    if (path.display().endsWith(UNDER_WAY)) {
                        remove(entries.fd(), entry.name(), path);
                    }
                }
                batch = entries.nextBatch();
            }
        }
    }

    private void remove(OwnedFd entries, byte[] name, BytePath path) {
        try {
            posix.files().unlinkAt(entries, name, path);
        } catch (PosixException e) {
            LOG.warn("{}", e.getMessage()); // for example a directory; the other files are removed anyway
        }
    }

    @Override
    public void started(ScanStatus status) {
        try {
            open.put(status.id(), ResultFile.create(posix, directory, status.id() + UNDER_WAY));
        } catch (IOException e) {
            giveUp(status.id(), e);
        }
    }

    @Override
    public void fileFinished(String scan, FileResult result) {
        write(scan, "file", json -> ResultJson.file(json, result));
    }

    @Override
    public void fileRecorded(String scan, RecordedFile file) {
        write(scan, "file", json -> RecordJson.file(json, file));
    }

    @Override
    public void ended(ScanStatus status, Optional<ScanSummary> summary) {
        String scan = status.id();
        summary.ifPresent(all -> write(scan, "summary", json -> {
            ResultJson.summary(json, all, status.policy());
            CatalogOutcome recorded = status.recorded().orElse(null);
            if (recorded != null) {
                RecordJson.summary(json, recorded.counts(), recorded.problem());
            }
        }));
        ResultFile file = open.remove(scan);
        if (file == null) {
            return;
        }
        try (file) {
            if (status.state() == ScanState.FINISHED) {
                publish(file, status);
            } else {
                remove(file);
            }
        }
    }

    private static void publish(ResultFile file, ScanStatus status) {
        try {
            file.publish(ResultJson.fileName(status.source()));
        } catch (IOException e) {
            giveUp(status.id(), e);
            remove(file);
        }
    }

    private void write(String scan, String type, JsonLine.Members members) {
        ResultFile file = open.get(scan);
        if (file == null) {
            return;
        }
        try {
            JsonLine.write(file, type, members);
        } catch (IOException e) {
            open.remove(scan);
            giveUp(scan, e);
            try (file) {
                remove(file);
            }
        }
    }

    private static void giveUp(String scan, IOException why) {
        LOG.error("scan {}: cannot store the results: {}", scan, why.getMessage());
    }

    private static void remove(ResultFile file) {
        try {
            file.remove();
        } catch (IOException e) {
            LOG.warn("{}", e.getMessage());
        }
    }
}
