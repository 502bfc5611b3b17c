// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A main class that runs several command lines one after the other in one JVM, since starting it takes longer than most of them.
 * Arguments: the words of each, and {@code ::} between two. After each, {@code == EXITCODE} is a line of standard output and of
 * standard error.
 */
public final class SeveralCommands {
    private static final String BETWEEN = "::";

    private SeveralCommands() {}

    public static void main(String[] arguments) throws IOException {
        List<String> words = new ArrayList<>();
        for (String argument : arguments) {
            if (argument.equals(BETWEEN)) {
                run(words);
                words.clear();
            } else {
                words.add(argument);
            }
        }
        run(words);
        System.exit(0);
    }

    private static void run(List<String> words) throws IOException {
        String[] command = words.toArray(String[]::new);
        int exitCode = Main.execute(command);
        byte[] end = ("== " + exitCode + "\n").getBytes(StandardCharsets.UTF_8);
        new FileOutputStream(FileDescriptor.out).write(end);
        new FileOutputStream(FileDescriptor.err).write(end);
    }
}
