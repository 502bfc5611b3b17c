// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

/** A value that is typed as one of a few words, over which it iterates for the shell's completion. */
interface WordParser<T> extends Iterable<String> {
    /** @throws IllegalArgumentException for another word, with a message that quotes it */
    T parse(String text);
}
