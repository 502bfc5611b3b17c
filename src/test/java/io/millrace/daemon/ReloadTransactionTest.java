// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.daemon.config.Configuration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadTransactionTest {
    @TempDir
    Path directory;

    private final List<String> told = new ArrayList<>();
    private Configuration old;
    private Configuration next;

    @BeforeEach
    void read() throws IOException {
        old = new ServiceFile(directory).read("reserve: 1GiB");
        next = new ServiceFile(directory).read("reserve: 2GiB");
    }

    private ReloadTransaction.Part part(String name) {
        return (from, to) -> told.add(name + (to == next ? " on" : " back"));
    }

    private ReloadTransaction.Part failing(Throwable failure, boolean alsoBack) {
        return (from, to) -> {
            told.add("bad" + (to == next ? " on" : " back"));
            if (alsoBack || to == next) {
                if (failure instanceof IOException e) {
                    throw e;
                }
                if (failure instanceof Error e) {
                    throw e;
                }
                throw (RuntimeException) failure;
            }
        };
    }

    @Test
    void tellsAllInOrder() throws IOException {
        new ReloadTransaction(part("a"), part("b")).apply(old, next);
        assertThat(told).containsExactly("a on", "b on");
    }

    @Test
    void takesBackWhatWasDoneAndWhatWasBegun() {
        var changeover = new ReloadTransaction(part("a"), failing(new IOException("no port"), false), part("c"));
        assertThatThrownBy(() -> changeover.apply(old, next))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("no port");
        assertThat(told).containsExactly("a on", "bad on", "bad back", "a back");
    }

    @Test
    void faultsOfTheProgramAreNoReasonToStayHalfWay() {
        for (Throwable fault : new Throwable[] {new IllegalStateException("odd"), new OutOfMemoryError("no thread")}) {
            told.clear();
            assertThatThrownBy(() -> new ReloadTransaction(part("a"), failing(fault, false)).apply(old, next))
                    .isExactlyInstanceOf(IOException.class)
                    .hasMessage("the configuration is valid, but cannot be applied: " + fault)
                    .hasCause(fault);
            assertThat(told).containsExactly("a on", "bad on", "bad back", "a back");
        }
    }

    @Test
    void saysWhereThereIsNoWayBackAndTakesBackTheOthersAllTheSame() {
        var changeover = new ReloadTransaction(part("a"), failing(new IllegalStateException("odd"), true));
        assertThatThrownBy(() -> changeover.apply(old, next))
                .isInstanceOf(ReloadTransaction.Torn.class)
                .hasMessage("the configuration is valid, but cannot be applied: java.lang.IllegalStateException: odd\n"
                        + "and the rollback failed (java.lang.IllegalStateException: odd); restart the"
                        + " service");
        assertThat(told).containsExactly("a on", "bad on", "bad back", "a back");
    }
}
