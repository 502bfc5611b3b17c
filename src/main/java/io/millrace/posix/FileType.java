// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import java.util.Arrays;

/** The type of a file: the S_IFMT bits of its mode (inode(7)); d_type in a directory has the same bits >> 12. */
public enum FileType {
    UNKNOWN(0, "file of unknown type"),
    FIFO(1, "FIFO"),
    CHARACTER_DEVICE(2, "character device"),
    DIRECTORY(4, "directory"),
    BLOCK_DEVICE(6, "block device"),
    REGULAR(8, "regular file"),
    SYMLINK(10, "symbolic link"),
    SOCKET(12, "socket");

    private static final FileType[] BY_NUMBER = new FileType[16];

    static {
        Arrays.fill(BY_NUMBER, UNKNOWN);
        for (FileType type : values()) {
            BY_NUMBER[type.number] = type;
        }
    }

    public final int number;
    private final String words;

    FileType(int number, String words) {
        this.number = number;
        this.words = words;
    }

    static FileType ofMode(int mode) {
        return BY_NUMBER[(mode >> 12) & 0xF];
    }

    static FileType ofDirectoryEntry(int dType) {
        return BY_NUMBER[dType & 0xF];
    }

    /** The name for messages. */
    public String label() {
        return words;
    }
}
