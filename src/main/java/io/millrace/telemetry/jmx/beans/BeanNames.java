// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.beans;

import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;

/** The object names of the MBeans. Stateless; any thread. */
public final class BeanNames {
    public static final String DOMAIN = "io.millrace";
    public static final ObjectName DAEMON = single("Daemon");
    public static final ObjectName PREALLOCATOR = single("Preallocator");
    public static final ObjectName PAGE_CACHE = single("PageCache");
    public static final ObjectName SCANS = single("Scans");
    public static final ObjectName CATALOG = single("Catalog");

    private BeanNames() {}

    private static ObjectName single(String type) {
        return name("type", type);
    }

    /** Returns {@code io.millrace:type=TYPE,KEY="VALUE"}. */
    static ObjectName keyed(String type, String key, String value) {
        return name("type", type, key, ObjectName.quote(value));
    }

    private static ObjectName name(String... pairs) {
        var text = new StringBuilder(DOMAIN);
        for (int i = 0; i < pairs.length; i += 2) {
            text.append(i == 0 ? ':' : ',').append(pairs[i]).append('=').append(pairs[i + 1]);
        }
        try {
            return new ObjectName(text.toString()); // keeps the key order, by which clients build their trees
        } catch (MalformedObjectNameException e) {
            throw new IllegalArgumentException(text.toString(), e);
        }
    }
}
