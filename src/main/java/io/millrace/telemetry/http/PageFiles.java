// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.http;

import io.millrace.telemetry.http.page.PageHtml;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The static files of the status page, by request path; no other path leads to a resource. Any thread. */
public final class PageFiles {

    private static final String CSS_TYPE = "text/css; charset=utf-8";
    private static final String SCRIPT_TYPE = "text/javascript; charset=utf-8";

    private static final String SVG_TYPE = "image/svg+xml";

    private static final Map<String, String> TYPES = Map.of(
            PageHtml.CSS,
            CSS_TYPE,
            PageHtml.CHART_CSS,
            CSS_TYPE,
            PageHtml.SCRIPT,
            SCRIPT_TYPE,
            PageHtml.CHART_SCRIPT,
            SCRIPT_TYPE,
            PageHtml.ICON,
            SVG_TYPE,
            PageHtml.LOST_ICON,
            SVG_TYPE,
            "/page/uPlot-LICENSE.txt",
            HttpReply.PLAIN);

    /** Caches some 70 kB, which would otherwise be decompressed for each request. */
    private static final Map<String, HttpReply> READ = new ConcurrentHashMap<>();

    private PageFiles() {}

    public static Optional<HttpReply> find(String path) throws IOException {
        HttpReply known = READ.get(path);
        return known == null ? read(path) : Optional.of(known);
    }

    private static Optional<HttpReply> read(String path) throws IOException {
        String type = TYPES.get(path);
        if (type == null) {
            return Optional.empty();
        }
        try (InputStream file = PageFiles.class.getResourceAsStream(path.substring(1))) {
            if (file == null) {
                throw new IOException(path + " is missing from the class path");
            }
            HttpReply reply = HttpReply.ok(type, file.readAllBytes());
            READ.put(path, reply);
            return Optional.of(reply);
        }
    }
}
