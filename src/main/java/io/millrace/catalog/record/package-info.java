// SPDX-License-Identifier: Apache-2.0
/**
 * What the catalog knows of a file, and the rules that judge a file against it. Values and pure functions: nothing here reads a
 * file, a clock or the database, and every type may be used by any thread.
 *
 * <p>{@link io.millrace.catalog.record.FileRecord} is one row; {@link io.millrace.catalog.record.Observation} is what a pass over
 * the file saw; {@link io.millrace.catalog.record.VerdictRules} makes of both an {@link io.millrace.catalog.record.Assessment}.
 * Open VerdictRules first.
 */
@NullMarked
@CheckReturnValue
package io.millrace.catalog.record;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
