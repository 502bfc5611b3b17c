// SPDX-License-Identifier: Apache-2.0
/**
 * The HTML of the status page and the events that keep it up to date.
 *
 * <p>{@link io.millrace.telemetry.http.page.PageHtml} writes the page from one snapshot; each table has a class. Every text is
 * escaped by {@link io.millrace.telemetry.http.page.Markup}. Pure functions of a snapshot, for any thread.
 */
@NullMarked
package io.millrace.telemetry.http.page;

import org.jspecify.annotations.NullMarked;
