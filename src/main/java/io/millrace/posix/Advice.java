// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

/** What posix_fadvise(2) can be told about a range of a file. The numbers are Linux's on both architectures. */
public enum Advice {
    NORMAL(0),
    RANDOM(1),
    SEQUENTIAL(2),
    WILLNEED(3),
    DONTNEED(4),
    NOREUSE(5);

    final int number;

    Advice(int number) {
        this.number = number;
    }
}
