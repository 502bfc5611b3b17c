// SPDX-License-Identifier: Apache-2.0
/**
 * The catalog in files: NDJSON, which has all of it and comes back; checksum lines and hashdeep for other programs; and two
 * exports compared without reading a file of either host. Streams of bytes and records only: no database. What has checksum lines
 * and hashdeep come back is {@code verify}. One thread an object. Open NdjsonExport first.
 */
@NullMarked
@CheckReturnValue
package io.millrace.catalog.exchange;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
