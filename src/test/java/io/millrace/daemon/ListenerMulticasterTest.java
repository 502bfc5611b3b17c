// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.millrace.scan.job.ScanServiceListener;
import io.millrace.worker.WorkerListener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ListenerMulticasterTest {
    private static WorkerListener noting(List<String> heard, String name) {
        return new WorkerListener() {
            @Override
            public void quarantined(String worker, String reason) {
                heard.add(name + ": " + worker + " " + reason);
            }
        };
    }

    @Test
    void tellsAllInOrderAndThoseWhoCameLaterToo() {
        var heard = new ArrayList<String>();
        var all = new CopyOnWriteArrayList<>(List.of(noting(heard, "a"), noting(heard, "b")));
        var one = ListenerMulticaster.to(WorkerListener.class, all);
        all.add(noting(heard, "c"));
        one.quarantined("w", "why");
        one.line("w", 1, "nobody minds");
        assertThat(heard).containsExactly("a: w why", "b: w why", "c: w why");
    }

    @Test
    void throwsWhatAListenerThrows() {
        var failing = new ScanServiceListener() {
            @Override
            public void fileFinished(String scan, io.millrace.scan.FileResult result) throws IOException {
                throw new IOException("full");
            }
        };
        var one = ListenerMulticaster.to(ScanServiceListener.class, List.of(failing));
        assertThatThrownBy(() -> one.fileFinished("s-1", null))
                .isInstanceOf(IOException.class)
                .hasMessage("full");
    }

    @Test
    void aListenersFaultIsLoggedOnceAndKeepsNobodyFromHearingNorTheTellerFromGoingOn() {
        var heard = new ArrayList<String>();
        var failing = new WorkerListener() {
            @Override
            public void quarantined(String worker, String reason) {
                throw new IllegalStateException("deaf");
            }

            @Override
            public void line(String worker, int pid, String line) {
                throw new NoClassDefFoundError("gone");
            }
        };
        var lines = new ListAppender<ILoggingEvent>();
        var log = (Logger) LoggerFactory.getLogger(ListenerMulticaster.class);
        lines.start();
        log.addAppender(lines);
        try {
            var one = ListenerMulticaster.to(
                    WorkerListener.class, List.of(noting(heard, "a"), failing, failing, noting(heard, "b")));
            one.quarantined("w", "why");
            one.quarantined("w", "again");
            one.line("w", 1, "hello");
        } finally {
            log.detachAppender(lines);
        }
        assertThat(heard).containsExactly("a: w why", "b: w why", "a: w again", "b: w again");
        assertThat(lines.list)
                .extracting(
                        line -> line.getLevel() + " " + line.getThrowableProxy().getMessage())
                .containsExactly("ERROR deaf", "ERROR gone");
    }

    @Test
    void canBeComparedAndPrinted() {
        var one = ListenerMulticaster.to(WorkerListener.class, List.of());
        assertThat(one.toString()).isEqualTo("[]");
        assertThat(one.hashCode()).isEqualTo(List.of().hashCode());
    }
}
