// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog.record;

import io.millrace.posix.libc.ByteRange;

/** A range of a file that is not what was recorded: whole blocks of 1 MiB, or up to the file's end. */
public record Finding(Verdict verdict, ByteRange range) {}
