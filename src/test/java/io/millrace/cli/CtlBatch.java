// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import java.util.Arrays;

/** Several commands in one process, a line each on standard error with the exit code: arguments with {@code ;} between. */
final class CtlBatch {
    private CtlBatch() {}

    public static void main(String[] arguments) {
        int begin = 0;
        for (int i = 0; i <= arguments.length; i++) {
            if (i == arguments.length || arguments[i].equals(";")) {
                String[] words = Arrays.copyOfRange(arguments, begin, i);
                int exitCode = Main.execute(words);
                System.err.println("exit " + exitCode);
                begin = i + 1;
            }
        }
        System.exit(0); // RMI's threads would linger
    }
}
