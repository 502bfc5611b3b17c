// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

/** Scheduling classes of ioprio_set(2). Only some block schedulers heed them (bfq, mq-deadline; not none). */
public enum IoClass {
    NONE(0),
    REALTIME(1),
    BEST_EFFORT(2),
    IDLE(3);

    final int number;

    IoClass(int number) {
        this.number = number;
    }
}
