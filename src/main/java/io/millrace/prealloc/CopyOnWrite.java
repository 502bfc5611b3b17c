// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

/** Whether later writes go to the reserved blocks, which is the purpose of a reservation, or to new ones. */
public enum CopyOnWrite {
    NONE(""),
    FILE_SYSTEM("the file system copies on write, so a full disk can still fail a later write"),
    SHARED_EXTENTS("the file shares blocks with another, so writing to those needs new ones");

    private final String warning;

    CopyOnWrite(String warning) {
        this.warning = warning;
    }

    public boolean isExpected() {
        return this != NONE;
    }

    /** Returns the consequence for the reservation; empty for {@link #NONE}. */
    public String warning() {
        return warning;
    }
}
