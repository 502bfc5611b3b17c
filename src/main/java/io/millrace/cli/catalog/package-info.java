// SPDX-License-Identifier: Apache-2.0
/**
 * {@code millrace catalog}: the catalog by hand.
 *
 * <p>{@link io.millrace.cli.catalog.CatalogCommand} lists the commands. Each parses, calls {@code catalog} or {@code
 * catalog.maintenance}, prints and chooses the exit code. Commands that only read open the catalog for reading, so that they work
 * beside a running service and for a user who may not write it. Main thread only.
 */
@NullMarked
package io.millrace.cli.catalog;

import org.jspecify.annotations.NullMarked;
