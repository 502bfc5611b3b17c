// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.IVersionProvider;

/** Provides the version of the program, which the build has stored as a resource. */
public final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() throws IOException {
        try (InputStream text = Version.class.getResourceAsStream("version.txt")) {
            if (text == null) {
                throw new IOException("version.txt is missing from the class path");
            }
            return new String[] {new String(text.readAllBytes(), StandardCharsets.UTF_8).strip()};
        }
    }

    /** Returns the version without the program's name. */
    public static String number() throws IOException {
        String line = new Version().getVersion()[0];
        return line.substring(line.lastIndexOf(' ') + 1);
    }
}
