// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The files beside the status page, by the path of their request; no other path leads to a resource. */
final class PageFiles {
    static final String CSS = "/page/page.css";
    static final String SCRIPT = "/page/page.js";
    static final String CHART_CSS = "/page/uPlot.min.css";
    static final String CHART_SCRIPT = "/page/uPlot.iife.min.js";
    static final String ICON = "/page/icon.svg";
    static final String LOST_ICON = "/page/icon-lost.svg";

    private static final String CSS_TYPE = "text/css; charset=utf-8";
    private static final String SCRIPT_TYPE = "text/javascript; charset=utf-8";

    private static final String SVG_TYPE = "image/svg+xml";

    private static final Map<String, String> TYPES = Map.of(
            CSS,
            CSS_TYPE,
            CHART_CSS,
            CSS_TYPE,
            SCRIPT,
            SCRIPT_TYPE,
            CHART_SCRIPT,
            SCRIPT_TYPE,
            ICON,
            SVG_TYPE,
            LOST_ICON,
            SVG_TYPE,
            "/page/uPlot-LICENSE.txt",
            Reply.PLAIN);

    /** Some 70 kB, which would otherwise be unpacked for each who asks. */
    private static final Map<String, Reply> READ = new ConcurrentHashMap<>();

    private PageFiles() {}

    static Optional<Reply> find(String path) throws IOException {
        Reply known = READ.get(path);
        return known == null ? read(path) : Optional.of(known);
    }

    private static Optional<Reply> read(String path) throws IOException {
        String type = TYPES.get(path);
        if (type == null) {
            return Optional.empty();
        }
        try (InputStream file = PageFiles.class.getResourceAsStream(path.substring(1))) {
            if (file == null) {
                throw new IOException(path + " is missing from the class path");
            }
            Reply reply = Reply.ok(type, file.readAllBytes());
            READ.put(path, reply);
            return Optional.of(reply);
        }
    }
}
