// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.config;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/** A configuration file is invalid; the message contains all its problems, one in each line. */
public final class ConfigurationException extends IOException {
    private static final long serialVersionUID = 1;

    private final transient List<ConfigurationProblem> problems;

    ConfigurationException(List<ConfigurationProblem> problems) {
        super(problems.stream().map(ConfigurationProblem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** Returns at least one problem, in the order of the file. */
    public List<ConfigurationProblem> problems() {
        return problems;
    }
}
