// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.catalog;

import io.millrace.posix.libc.BytePath;

/** Receives what operators have to know about the catalog. Called by any thread; must not block. */
public interface CatalogKeeperListener {
    /** It was opened. */
    default void onOpened(BytePath database) {}

    /** It cannot be opened or used; {@code why} is one line. */
    default void onFailed(String why) {}

    /** How it was opened is worth a warning: a damaged one was set aside, a backup restored, a place is a bad one. */
    default void onNotice(String line) {}

    /** A backup is complete. */
    default void onBackup(BytePath backup) {}

    default void onBackupFailed(String why) {}

    /** The forecast of a source has changed: {@code line} says that its promise will break. */
    default void onPromiseAtRisk(String line) {}

    /** The forecast of a source is good again. */
    default void onPromiseKept(String source) {}
}
