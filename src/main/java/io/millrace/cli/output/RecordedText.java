// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.output;

import io.millrace.catalog.record.Finding;
import io.millrace.catalog.record.Verdict;
import io.millrace.pagecache.PhysicalRange;
import io.millrace.posix.libc.ByteRange;
import io.millrace.scan.observe.BytesByOrigin;
import io.millrace.scan.record.RecordCounts;
import io.millrace.scan.record.RecordedFile;
import io.millrace.units.ByteSize;
import java.util.ArrayList;
import java.util.List;

/** What the catalog makes of files, as lines for standard error and parts of sentences. Stateless. */
public final class RecordedText {
    /** Of one file; the JSON has all. */
    private static final int MAX_FINDINGS = 20;

    private RecordedText() {}

    /** Details of a file, a line each; none where there is nothing to explain. */
    public static List<String> details(RecordedFile file) {
        var lines = new ArrayList<String>();
        for (Finding finding : file.findings()) {
            if (lines.size() == MAX_FINDINGS) {
                lines.add(file.path() + ": and " + (file.findings().size() - MAX_FINDINGS) + " more ranges");
                break;
            }
            lines.add(file.path() + ": " + finding.verdict().label() + ": " + bytes(finding.range())
                    + places(finding.range(), file.places()));
        }
        if (lines.isEmpty() && file.verdict().isPresent() && !file.note().isEmpty()) {
            lines.add(file.path() + ": " + file.verdict().get().label() + ": " + file.note());
        }
        return lines;
    }

    private static String bytes(ByteRange range) {
        return "bytes " + range.offsetBytes() + "-" + (range.endBytes() - 1);
    }

    private static String places(ByteRange range, List<PhysicalRange> all) {
        var parts = new ArrayList<String>();
        for (PhysicalRange place : all) {
            boolean isOfRange = place.file().offsetBytes() < range.endBytes()
                    && range.offsetBytes() < place.file().endBytes();
            if (isOfRange) {
                parts.add(place.device().map(name -> name + " ").orElse("") + "at byte " + place.deviceBytes());
            }
        }
        return parts.isEmpty() ? "" : " (" + String.join(", ", parts) + ")";
    }

    /** {@code 98 ok, 1 corrupt}. */
    public static String verdicts(RecordCounts counts) {
        var parts = new ArrayList<String>();
        counts.verdicts().forEach((verdict, count) -> {
            if (count > 0 || verdict == Verdict.OK) {
                parts.add(count + " " + verdict.label());
            }
        });
        if (counts.notMounted() > 0) {
            parts.add(counts.notMounted() + " not mounted");
        }
        return String.join(", ", parts);
    }

    /** {@code 3.2 GiB verified on the device, 4 MiB in the cache only}. */
    public static String origin(BytesByOrigin bytes) {
        var text = new StringBuilder(ByteSize.format(bytes.device())).append(" verified on the device");
        add(text, bytes.cache(), "in the cache only");
        add(text, bytes.unknown(), "from where the kernel does not tell");
        add(text, bytes.unsettled(), "unsettled");
        add(text, bytes.unreadable(), "unreadable");
        return text.toString();
    }

    private static void add(StringBuilder text, long bytes, String what) {
        if (bytes > 0) {
            text.append(", ").append(ByteSize.format(bytes)).append(' ').append(what);
        }
    }
}
