// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import java.io.IOException;

/** {@code io.millrace:type=PageCache}. */
@Description("What the scans did to the page cache, and what of a file is in it")
public interface PageCacheMXBean {
    @Description("Bytes that scans asked the kernel to drop again, since the service started")
    long getReleasedBytes();

    @Description("Bytes that scans left in the page cache, which were not there before")
    long getLeftBytes();

    @Description("Bytes that were in the page cache before scans reached them")
    long getHotBeforeBytes();

    @Description("Of these, bytes still there behind the scans")
    long getHotAfterBytes();

    @Description("Says how much of a file is in the page cache")
    @Reads
    String status(@Description("An absolute path of a file below the roots") String path) throws IOException;

    @Description("Brings a file into the page cache, waits until it is there, and says how much of it is")
    String warm(@Description("An absolute path of a file below the roots") String path) throws IOException;

    @Description("Has the kernel drop a file's clean pages, and says how much of it is left")
    String evict(@Description("An absolute path of a file below the roots") String path) throws IOException;
}
