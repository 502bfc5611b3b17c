// SPDX-License-Identifier: Apache-2.0
package io.millrace;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Command;
import org.junit.jupiter.api.Test;

/** The documents show the figures that were published, and no others in their place. */
class PublishedFiguresIT {
    @Test
    void documentsShowWhatWasMeasured() throws Exception {
        Command.assumeExists("python3");
        String said = Command.run("python3", "-m", "unittest", "discover", "src/bench/test", "-k", "Published");
        assertThat(said).contains("Ran 3 tests").contains("OK");
    }
}
