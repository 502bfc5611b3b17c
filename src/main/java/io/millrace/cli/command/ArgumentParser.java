// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.command;

/** Parses a value that is one of a few words. It iterates over the words for shell completion. */
public interface ArgumentParser<T> extends Iterable<String> {
    /** @throws IllegalArgumentException for any other word; the message quotes it */
    T parse(String text);
}
