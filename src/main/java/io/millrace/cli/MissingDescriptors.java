// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the descriptors 0-2 that were closed when the program started. The launcher opens them. If it was bypassed,
 * files that the JVM opens for itself get these numbers, and would be read as standard input, or written to. Such a
 * file is recognized by its close-on-exec flag, which no inherited descriptor has, or it is the JVM's image of its
 * modules, which is opened without the flag.
 */
final class MissingDescriptors {
    /** Set by the launcher, which has opened missing descriptors. */
    private static final String CHECKED = "millrace.descriptors";

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final Path FACTS = Path.of("/proc/self/fdinfo");

    /** O_CLOEXEC, as shown by proc(5) in the flags of a descriptor, in octal. */
    private static final long CLOSE_ON_EXEC = 0x80000;

    private MissingDescriptors() {}

    /** Returns the numbers of missing descriptors; empty if there are none. */
    static List<Integer> find() throws IOException {
        List<Integer> missing = new ArrayList<>();
        if (System.getProperty(CHECKED) == null) {
            for (int number = 0; number <= 2; number++) {
                if (isMissing(number)) {
                    missing.add(number);
                }
            }
        }
        return missing;
    }

    private static boolean isMissing(int number) throws IOException {
        try {
            String name = String.valueOf(number);
            return isCloseOnExec(Files.readString(FACTS.resolve(name), StandardCharsets.ISO_8859_1))
                    || isOnlyImageOfModules(Files.readSymbolicLink(DESCRIPTORS.resolve(name)));
        } catch (NoSuchFileException e) {
            return true;
        }
    }

    private static boolean isCloseOnExec(String facts) {
        return facts.lines()
                .filter(line -> line.startsWith("flags:"))
                .mapToLong(
                        line -> Long.parseLong(line.substring("flags:".length()).strip(), 8))
                .anyMatch(flags -> (flags & CLOSE_ON_EXEC) != 0);
    }

    /** The JVM always has the image open, so a second descriptor of it belongs to the user. */
    private static boolean isOnlyImageOfModules(Path target) throws IOException {
        Path image = Path.of(System.getProperty("java.home"), "lib", "modules");
        if (!image.getFileName().equals(target.getFileName()) || !target.equals(image.toRealPath())) {
            return false;
        }
        int count = 0;
        String[] open = new File(DESCRIPTORS.toString()).list();
        for (String name : open == null ? new String[0] : open) {
            try {
                count += Files.readSymbolicLink(DESCRIPTORS.resolve(name)).equals(target) ? 1 : 0;
            } catch (NoSuchFileException e) {
                continue; // the descriptor that was used to read the directory
            }
        }
        return count == 1;
    }
}
