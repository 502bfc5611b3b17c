// SPDX-License-Identifier: Apache-2.0
/**
 * What an operator does to the catalog by hand: import, accept, forget, rescue. Decisions and work without a command line, so that
 * a service could offer them too; all on the thread that calls.
 *
 * <p>{@link io.millrace.catalog.maintenance.FileRescue} writes good cached copies over bad blocks, where the catalog vouches for
 * them; {@link io.millrace.catalog.maintenance.Acceptance} takes a file's content as the new baseline;
 * {@link io.millrace.catalog.maintenance.CatalogImporter} takes records from exports and manifests. Open FileRescue first.
 */
@NullMarked
package io.millrace.catalog.maintenance;

import org.jspecify.annotations.NullMarked;
