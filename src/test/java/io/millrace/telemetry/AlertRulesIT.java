// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The shipped alerting rules, by Prometheus' own tool. */
class AlertRulesIT {
    private static final Path PROMTOOL = Path.of("/usr/bin/promtool");
    private static final Path CONFIG = Path.of("config");
    private static final Pattern ALERT = Pattern.compile("alert: (\\w+)");
    private static final Pattern TEST = Pattern.compile("(?m)^- name: (\\w+)");

    @BeforeEach
    void needsPromtool() {
        assumeTrue(Files.isExecutable(PROMTOOL), "promtool is not installed");
    }

    @Test
    void areGoodRules() throws Exception {
        promtool("check", "rules", "alerts.yaml");
    }

    @Test
    void fireWhenTheyShouldAndNotBefore() throws Exception {
        promtool("test", "rules", "alerts-test.yaml");
    }

    @Test
    void eachHasATest() throws Exception {
        List<String> alerts = names(ALERT, "alerts.yaml");
        assertThat(alerts).isNotEmpty();
        assertThat(names(TEST, "alerts-test.yaml")).containsExactlyElementsOf(alerts);
    }

    private static List<String> names(Pattern pattern, String file) throws Exception {
        return pattern.matcher(Files.readString(CONFIG.resolve(file)))
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }

    private static void promtool(String... arguments) throws Exception {
        var command = new ArrayList<>(List.of(PROMTOOL.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(CONFIG.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
    }
}
