// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine;

/** On a source as picocli's generator writes it. */
class ManualSourcesTest {
    private static String generated(String name) {
        return "== Name\n\n" + name + " - Does it, e.g. so.\n\n== Options\n\n*-q*, ::\n  Say nothing.\n\n"
                + "*-V*, *--version*::\n  Print it.\n\n"
                + "// tag::picocli-generated-man-section-exit-status[]\n== Exit codes:\n\nold\n\n"
                + "// end::picocli-generated-man-section-exit-status[]\n\n"
                + "// tag::picocli-generated-man-section-footer[]\n"
                + "// end::picocli-generated-man-section-footer[]\n";
    }

    @Test
    void everyPageHasExamplesExitStatusAndSeeAlso() {
        for (CommandSpec spec : specs(new CommandLine(Main.allCommands()), new ArrayList<>())) {
            String page = ManualSources.completed(generated(spec.qualifiedName("-")), spec);
            assertThat(page)
                    .as(spec.qualifiedName())
                    .contains("Does it, e.g. so\n")
                    .contains("*-q*::\n")
                    .contains("*-V*, *--version*::\n")
                    .contains("== Exit Status\n\n*0*::\n  done\n")
                    .contains("*141*::")
                    .doesNotContain("old")
                    .containsPattern(
                            "== Examples\n\n----\n[^ ]*(cd |" + spec.root().name() + " )")
                    .containsPattern("== See Also\n\n\\*millrace[a-z.-]*\\*\\([15]\\)");
        }
    }

    @Test
    void anExampleStandsAsItIsTyped() {
        var allocate = new CommandLine(Main.allCommands())
                .getSubcommands()
                .get("allocate")
                .getCommandSpec();
        assertThat(ManualSources.completed(generated("millrace-allocate"), allocate))
                .contains("\nmillrace allocate --size 64MiB --reserve 10% /srv/wal/segment-{000..007}\n");
    }

    @Test
    void seeAlsoLeadsUpDownAndToTheConfiguration() {
        var ctl =
                new CommandLine(Main.allCommands()).getSubcommands().get("ctl").getCommandSpec();
        assertThat(ManualSources.completed(generated("millrace-ctl"), ctl))
                .contains("*millrace*(1), ", "*millrace-ctl-pool*(1)", "*millrace.yaml*(5)");
    }

    private static List<CommandSpec> specs(CommandLine line, List<CommandSpec> specs) {
        specs.add(line.getCommandSpec());
        line.getSubcommands().values().forEach(below -> specs(below, specs));
        return specs;
    }
}
