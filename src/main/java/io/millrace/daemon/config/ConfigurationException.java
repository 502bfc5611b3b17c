// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.config;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/** A configuration file that is not taken; the message is all its problems, a line each. */
public final class ConfigurationException extends IOException {
    private static final long serialVersionUID = 1;

    private final transient List<ConfigurationProblem> problems;

    ConfigurationException(List<ConfigurationProblem> problems) {
        super(problems.stream().map(ConfigurationProblem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** At least one, in the order of the file. */
    public List<ConfigurationProblem> problems() {
        return problems;
    }
}
