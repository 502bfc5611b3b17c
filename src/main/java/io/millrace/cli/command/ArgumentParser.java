// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.command;

/** A value that is typed as one of a few words, over which it iterates for the shell's completion. */
interface ArgumentParser<T> extends Iterable<String> {
    /** @throws IllegalArgumentException for another word, with a message that quotes it */
    T parse(String text);
}
