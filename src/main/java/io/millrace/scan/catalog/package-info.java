// SPDX-License-Identifier: Apache-2.0
/**
 * The catalog of a service: opens it, gives it to scans, plans which share of a source is verified tonight, keeps the list of
 * alarms, and makes the nightly backup.
 *
 * <p>It decides nothing about a file: that is {@link io.millrace.catalog.record.VerdictRules}'. One thread
 * ({@code millrace-catalog-keeper}) reads figures and copies; scans' threads read and write records by their own connections. Open
 * {@link io.millrace.scan.catalog.CatalogKeeper} first.
 */
@NullMarked
@CheckReturnValue
package io.millrace.scan.catalog;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
