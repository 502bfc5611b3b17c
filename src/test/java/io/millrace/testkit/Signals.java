// SPDX-License-Identifier: Apache-2.0
package io.millrace.testkit;

import java.util.List;

/** Signals of the processes that tests start. */
final class Signals {
    /**
     * A command (of coreutils 8.32) that runs another with the default action for signals that came ignored, as
     * they do under nohup(1) and in the background of a shell: what is tested is ended by them.
     */
    static final List<String> DEFAULT = List.of("env", "--default-signal=HUP,INT,QUIT,TERM");

    private Signals() {}
}
