// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.http.page;

import io.millrace.telemetry.DisplayFormat;
import io.millrace.telemetry.ServiceSnapshot;
import io.millrace.telemetry.SnapshotTicker;
import io.millrace.telemetry.http.page.StatusPage.Cell;
import io.millrace.telemetry.http.page.StatusPage.Row;
import io.millrace.telemetry.http.page.StatusPage.Table;
import io.millrace.telemetry.http.page.StatusPage.Tile;
import io.millrace.units.EnumLabels;
import io.millrace.units.Timestamps;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Writes the status page as HTML that is complete without its script; without the script it reloads itself
 * periodically. Stateless; any thread.
 */
public final class PageHtml {
    public static final String CSS = "/page/page.css";
    public static final String SCRIPT = "/page/page.js";
    public static final String CHART_CSS = "/page/uPlot.min.css";
    public static final String CHART_SCRIPT = "/page/uPlot.iife.min.js";
    public static final String ICON = "/page/icon.svg";
    public static final String LOST_ICON = "/page/icon-lost.svg";

    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");
    private static final String REFRESH_SECONDS = "5";

    private final Markup html = new Markup();
    private final SnapshotTicker.Beat now;
    private final StatusPage page;

    private PageHtml(SnapshotTicker.Beat now) {
        this.now = now;
        this.page = StatusPageBuilder.build(now);
    }

    public static String write(SnapshotTicker.Beat now) {
        return new PageHtml(now).document();
    }

    private String document() {
        html.open("html", "lang", "en");
        head();
        html.open("body");
        top();
        html.open("main");
        tiles();
        chart();
        page.tables().forEach(this::table);
        html.close();
        foot();
        return html.close().close().end();
    }

    private void head() {
        html.open("head").single("meta", "charset", "utf-8");
        html.single("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        html.single("meta", "name", "color-scheme", "content", "light dark");
        html.element("title", "Millrace on " + hostName());
        html.single("link", "rel", "icon", "href", ICON, "data-live", ICON, "data-lost", LOST_ICON);
        html.single("link", "rel", "stylesheet", "href", CHART_CSS);
        html.single("link", "rel", "stylesheet", "href", CSS);
        html.open("noscript")
                .single("meta", "http-equiv", "refresh", "content", REFRESH_SECONDS)
                .close();
        html.element("script", "", "src", CHART_SCRIPT, "defer", "");
        html.element("script", "", "src", SCRIPT, "defer", "");
        html.close();
    }

    private void top() {
        html.open("header").open("div", "class", "brand");
        html.element("h1", "Millrace").element("span", hostName(), "class", "host");
        html.element("span", "", "id", "link", "class", "link", "role", "status");
        html.close();
        html.open("div", "id", "banner", "class", "headline " + EnumLabels.of(page.tone()));
        html.element("p", page.headline(), "id", "headline");
        html.open("ul", attributes(!page.notices().isEmpty(), "id", "notices"));
        page.notices().forEach(this::notice);
        html.close().close().close();
    }

    /** The script creates the same elements. */
    private void notice(StatusPage.Notice notice) {
        html.open("li");
        if (notice.row().isEmpty()) {
            html.text(notice.text());
        } else {
            html.element("a", notice.text(), "href", "#" + notice.row());
        }
        html.close();
    }

    private void tiles() {
        html.open("dl", "class", "tiles", "aria-label", "At a glance");
        for (Tile tile : page.tiles()) {
            html.open("div").element("dt", tile.label()).open("dd");
            cell(tile.cell(), tile.label());
            html.close().close();
        }
        html.close();
    }

    private void chart() {
        html.open("section", "aria-labelledby", "rate-heading");
        html.element("h2", "Reading, last 10 minutes", "id", "rate-heading");
        html.open("figure", "id", "chart", "class", "chart");
        Sparkline.draw(html, now.history());
        html.close().close();
    }

    private void table(Table table) {
        String heading = table.id() + "-heading";
        html.open("section", "id", table.id(), "aria-labelledby", heading);
        html.element("h2", table.title(), "id", heading);
        boolean none = table.rows().isEmpty();
        html.open("p", attributes(none, "class", "otherwise"))
                .text(table.otherwise())
                .close();
        html.open("table", attributes(!none));
        html.element("caption", table.title(), "class", "aside");
        html.open("thead").open("tr");
        table.columns().forEach(column -> html.element("th", column, "scope", "col"));
        html.close().close().open("tbody");
        table.rows().forEach(row -> row(row, table));
        html.close().close().close();
    }

    private static String[] attributes(boolean shown, String... attributes) {
        if (shown) {
            return attributes;
        }
        String[] more = Arrays.copyOf(attributes, attributes.length + 2);
        more[attributes.length] = "hidden";
        more[attributes.length + 1] = "";
        return more;
    }

    private void row(Row row, Table table) {
        List<String> columns = table.columns();
        String id = StatusPage.rowId(table.id(), row.cells().get(0).text());
        html.open("tr", "id", id, "class", "row-" + EnumLabels.of(row.tone()));
        for (int i = 0; i < columns.size(); i++) {
            if (i == 0) {
                html.open("th", "scope", "row", "data-label", columns.get(i));
            } else {
                html.open("td", "data-label", columns.get(i));
            }
            cell(row.cells().get(i), row.cells().get(0).text() + ": " + columns.get(i));
            html.close();
        }
        html.close();
    }

    /** The script creates the same three elements. */
    private void cell(Cell cell, String label) {
        String kind = "text " + EnumLabels.of(cell.tone());
        cell.since()
                .ifPresentOrElse(
                        since -> html.element(
                                "span",
                                cell.text(),
                                "class",
                                kind,
                                "data-since",
                                Long.toString(since.getEpochSecond())),
                        () -> html.element("span", cell.text(), "class", kind));
        cell.fraction()
                .ifPresent(part -> html.element(
                        "progress",
                        "",
                        "max",
                        "1",
                        "value",
                        String.format(Locale.ROOT, "%.4f", part),
                        "aria-label",
                        DisplayFormat.shown(label)));
        if (!cell.note().isEmpty()) {
            html.element("small", cell.note());
        }
    }

    private void foot() {
        ServiceSnapshot.Service service = now.snapshot().service();
        html.open("footer").open("p");
        html.text("Millrace " + service.version() + ", started ");
        html.element("time", Timestamps.format(service.started()), "datetime", Timestamps.utc(service.started()));
        html.text(", configured by ").element("code", DisplayFormat.shown(service.configuration()));
        html.close().open("nav", "aria-label", "For programs");
        for (String path : List.of("/status.json", "/events", "/metrics", "/healthz", "/readyz")) {
            html.element("a", path, "href", path);
        }
        html.close().close();
    }

    private static String hostName() {
        try {
            return DisplayFormat.shown(
                    Files.readString(HOST_NAME, StandardCharsets.ISO_8859_1).strip());
        } catch (IOException e) {
            return "this machine"; // a sandbox without /proc/sys
        }
    }
}
