// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.beans;

import io.millrace.telemetry.Description;
import java.io.IOException;

/** {@code io.millrace:type=PageCache}. */
@Description("What the scans did to the page cache, and what of files is in it")
public interface PageCacheMXBean {
    @Description("Bytes that scans asked the kernel to drop from the page cache, since the service started")
    long getReleasedBytes();

    @Description("Bytes that scans left in the page cache, which were not there before")
    long getLeftBytes();

    @Description("Bytes that were in the page cache before scans reached them")
    long getHotBeforeBytes();

    @Description("Of these, bytes still there behind the scans")
    long getHotAfterBytes();

    @Description(
            "Returns how much of a file, or of all files below a directory, is in the page cache. After 30 s it stops and"
                    + " reports that")
    @ReadOnlyOperation
    String status(@Description("An absolute path below the roots") String path) throws IOException;

    @Description(
            "Loads a file, or all files below a directory, into the page cache, waits until they are there, and returns"
                    + " how much of them is. After 30 s it stops and reports that; call it again to continue")
    String warm(@Description("An absolute path below the roots") String path) throws IOException;

    @Description(
            "Makes the kernel drop the clean pages of a file, or of all files below a directory, and returns how much of"
                    + " them is left. After 30 s it stops and reports that; call it again to continue")
    String evict(@Description("An absolute path below the roots") String path) throws IOException;
}
