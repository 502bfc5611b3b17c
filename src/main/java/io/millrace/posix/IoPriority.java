// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

/**
 * An I/O priority as of ioprio_set(2). Immutable.
 *
 * @param level 0 (highest) to 7 within the class; 0 for {@link IoClass#NONE}
 */
public record IoPriority(IoClass ioClass, int level) {
    /** Scheduling classes of ioprio_set(2). Only some block schedulers respect them (bfq, mq-deadline; not none). */
    public enum IoClass {
        NONE(0),
        REALTIME(1),
        BEST_EFFORT(2),
        IDLE(3);

        public final int number;

        IoClass(int number) {
            this.number = number;
        }
    }

    public static final int CLASS_SHIFT = 13;

    /** The kernel's default for a process without an I/O priority and with a nice value of 0. */
    private static final int USUAL_LEVEL = 4;

    public IoPriority {
        if (level < 0 || level > 7) {
            throw new IllegalArgumentException("I/O priority " + level + " is not within 0 to 7");
        }
    }

    /**
     * Parses {@code idle}, {@code best-effort}, {@code realtime:0}. Throws an {@link IllegalArgumentException} whose
     * message says what is wrong with the text.
     */
    public static IoPriority parse(String text) {
        String[] parts = text.split(":", 2);
        IoClass ioClass = switch (parts[0]) {
            case "idle" -> IoClass.IDLE;
            case "best-effort" -> IoClass.BEST_EFFORT;
            case "realtime" -> IoClass.REALTIME;
            default -> throw wrong(text);
        };
        boolean levelled = parts.length == 2;
        if (levelled && (ioClass == IoClass.IDLE || !parts[1].matches("[0-7]"))) {
            throw wrong(text);
        }
        int level = ioClass == IoClass.IDLE ? 0 : levelled ? Integer.parseInt(parts[1]) : USUAL_LEVEL;
        return new IoPriority(ioClass, level);
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException("'" + text + "' is not one of idle, best-effort[:0-7], realtime[:0-7]");
    }

    public long bits() {
        return (long) ioClass.number << CLASS_SHIFT | level;
    }
}
