// SPDX-License-Identifier: Apache-2.0
package io.millrace.testkit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * Log lines of code under test go nowhere, since most of them tell of trouble that the test made; a test that wants them
 * adds an appender of its own. Programs that tests start keep the log they have.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_TOP_PRIORITY)
public final class QuietLog extends ContextAwareBase implements Configurator {
    /** Set by the runner of the tests, for its own JVM alone. */
    private static final boolean IN_TESTS = System.getProperty("basedir") != null;

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (!IN_TESTS) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.WARN);
        context.getLogger("io.millrace").setLevel(Level.INFO);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
