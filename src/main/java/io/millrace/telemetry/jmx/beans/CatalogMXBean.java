// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.beans;

import io.millrace.telemetry.CatalogInfo;
import io.millrace.telemetry.Description;
import java.io.IOException;

/** {@code io.millrace:type=Catalog}. */
@Description("The durable record of files, and what was verified on the device")
public interface CatalogMXBean extends CatalogInfo {
    @Description(
            "Ends the alarm of a file, or of all files in a directory and below it, and says how many; the records stay"
                    + " suspect until they are accepted or the files are good again")
    String acknowledge(@Description("An absolute path") String path) throws IOException;
}
