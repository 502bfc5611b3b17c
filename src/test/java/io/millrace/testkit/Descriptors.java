// SPDX-License-Identifier: Apache-2.0
package io.millrace.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/** The open descriptors of this process, and what they lead to (proc(5)). */
public final class Descriptors {
    private Descriptors() {}

    /** By number. The one by which this is found out may be among them. */
    public static SortedMap<Integer, String> open() throws IOException {
        var open = new TreeMap<Integer, String>();
        try (var numbers = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path number : numbers) {
                try {
                    open.put(
                            Integer.valueOf(number.getFileName().toString()),
                            Files.readSymbolicLink(number).toString());
                } catch (IOException e) {
                    continue; // closed meanwhile
                }
            }
        }
        return open;
    }

    /** Whether one leads to this file. */
    public static boolean isOpen(Path file) throws IOException {
        return open().containsValue(file.toString());
    }
}
