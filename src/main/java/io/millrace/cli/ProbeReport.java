// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.cli.output.JsonLines;
import io.millrace.cli.output.ResultStream;
import io.millrace.pagecache.MountTraits;
import io.millrace.posix.libc.BytePath;
import io.millrace.prealloc.FallocateSupport;
import io.millrace.scan.ResultJson;
import io.millrace.scan.ScanProbe.Finding;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.units.ByteSize;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** The output of {@code millrace probe}: a paragraph or a JSON object for each path. */
final class ProbeReport {
    private final ResultStream out;
    private final JsonLines lines;
    private final boolean json;

    ProbeReport(ResultStream out, boolean json) {
        this.out = out;
        this.lines = new JsonLines(out);
        this.json = json;
    }

    void found(BytePath path, Finding finding, FallocateSupport support) throws IOException {
        if (json) {
            lines.object("place", object -> object(object, path, finding, support));
        } else {
            paragraph(path, finding, support);
        }
    }

    private void paragraph(BytePath path, Finding finding, FallocateSupport support) throws IOException {
        MountTraits traits = finding.traits();
        out.line(path.display());
        fact("file system", traits.type().label() + ", device " + traits.deviceName());
        fact("tried on", finding.subject());
        fact("RWF_DONTCACHE", traits.dontCache() ? "yes" : "no");
        fact("cachestat", traits.cachestat() ? "yes" : "no, mincore instead");
        fact("residency", finding.residencyKnown() ? "known" : "unknown: you neither own this file nor may write it");
        fact("drops pages", traits.type().canDropPages() ? "yes" : "no, it lives in the page cache");
        fact("copy-on-write", traits.type().isCopyOnWrite() ? "yes, a later write can still fail" : "no");
        fact(
                "native fallocate",
                switch (support.answer()) {
                    case YES -> "yes";
                    case NO -> "no, only by writing into every block";
                    case UNKNOWN -> "unknown: " + support.why();
                });
        String readahead = ByteSize.format(traits.readaheadBytes());
        fact("readahead", traits.readaheadKnown() ? "up to " + readahead : "unknown, assumed up to " + readahead);
        fact(
                "a scan reads by",
                finding.plan().strategy().label() + ": " + finding.plan().why());
    }

    private void fact(String name, String value) throws IOException {
        out.line(String.format(Locale.ROOT, "  %-17s %s", name, value));
    }

    private static void object(JsonGenerator object, BytePath path, Finding finding, FallocateSupport support)
            throws IOException {
        MountTraits traits = finding.traits();
        ResultJson.path(object, path);
        object.writeStringField("file_system", traits.type().label());
        object.writeStringField("device", traits.deviceName());
        object.writeStringField("tried_on", finding.subject());
        object.writeBooleanField("dontcache", traits.dontCache());
        object.writeBooleanField("cachestat", traits.cachestat());
        object.writeBooleanField("residency_known", finding.residencyKnown());
        object.writeBooleanField("drops_pages", traits.type().canDropPages());
        object.writeBooleanField("copy_on_write", traits.type().isCopyOnWrite());
        if (support.answer() == FallocateSupport.Answer.UNKNOWN) {
            object.writeNullField("native_fallocate");
        } else {
            object.writeBooleanField("native_fallocate", support.answer() == FallocateSupport.Answer.YES);
        }
        if (traits.readaheadKnown()) {
            object.writeNumberField("readahead_bytes", traits.readaheadBytes());
        } else {
            object.writeNullField("readahead_bytes");
        }
        object.writeStringField("strategy", finding.plan().strategy().label());
        object.writeStringField("why", finding.plan().why());
        object.writeNullField("error");
    }

    void failed(BytePath path, String error) throws IOException {
        if (json) {
            lines.object("place", object -> {
                ResultJson.path(object, path);
                object.writeStringField("error", error);
            });
        }
    }

    void summary(int done, int failed) throws IOException {
        List<DigestAlgorithm> all = List.of(DigestAlgorithm.values());
        if (json) {
            lines.object("summary", object -> {
                object.writeNumberField("places", done);
                object.writeNumberField("failed", failed);
                ResultJson.implementations(object, all);
            });
            return;
        }
        out.line("digests");
        for (DigestAlgorithm algorithm : all) {
            fact(algorithm.label(), implementation(algorithm));
        }
    }

    private static String implementation(DigestAlgorithm algorithm) {
        return algorithm
                .whyMissing()
                .map(why -> "none: " + why)
                .orElseGet(() -> algorithm.implementation()
                        + algorithm
                                .libraryVersion()
                                .map(version -> ", " + version)
                                .orElse(""));
    }
}
