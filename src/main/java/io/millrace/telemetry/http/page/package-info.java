// SPDX-License-Identifier: Apache-2.0
/**
 * The HTML of the status page and the events that keep it up to date.
 *
 * <p>Open {@link io.millrace.telemetry.http.page.PageHtml} first, which writes the page from one snapshot; each table
 * has a class. {@link io.millrace.telemetry.http.page.Markup} escapes every text. Pure functions of a snapshot, for any
 * thread.
 */
@NullMarked
package io.millrace.telemetry.http.page;

import org.jspecify.annotations.NullMarked;
