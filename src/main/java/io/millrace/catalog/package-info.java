// SPDX-License-Identifier: Apache-2.0
/**
 * The durable record of files, digests and checkpoints: an SQLite database, the only place of Millrace that knows SQL.
 *
 * <p>{@link io.millrace.catalog.Catalog} opens it, gives out readers, and one {@link io.millrace.catalog.WriteBatch} at a time;
 * what a batch has committed outlives a power cut. A database that is damaged is set aside by name and the newest good backup
 * opened; one of a newer Millrace or another program is left as it is. It reads no file but its own: which files there are, and
 * what is in them, others say. What a record means and how a file is judged by it is {@code catalog.record}, pure; which files
 * are due tonight {@code catalog.coverage}, pure as well; exports are {@code catalog.exchange}. Open Catalog first.
 */
@NullMarked
@CheckReturnValue
package io.millrace.catalog;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
