// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog.record;

import java.util.Locale;

/** Whether a file rests long enough to be verified. The codes are in databases: never change one. */
public enum FileClass {
    SETTLED(0),
    /** Unsettled in three passes one after the other, and since then. */
    LIVE(1);

    private final int code;

    FileClass(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** The word in JSON. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** {@link IllegalArgumentException} for a code that is none. */
    public static FileClass ofCode(int code) {
        for (FileClass type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        throw new IllegalArgumentException("no class of files has code " + code);
    }

    /** {@link IllegalArgumentException} for a word that is none. */
    public static FileClass ofLabel(String label) {
        for (FileClass type : values()) {
            if (type.label().equals(label)) {
                return type;
            }
        }
        throw new IllegalArgumentException("no class of files is called " + label);
    }
}
