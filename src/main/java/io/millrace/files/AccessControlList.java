// SPDX-License-Identifier: Apache-2.0
package io.millrace.files;

import io.millrace.posix.FileStatus;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The rights to a file of others than its owner: its mode and, if present, its POSIX access control list (acl(5)),
 * whose entries the mode does not show: with a list, the mode's group bits are the list's mask. Immutable.
 *
 * <p>The layout of the extended attribute is that of linux/posix_acl_xattr.h: little-endian on every machine.
 */
public final class AccessControlList {
    public static final String ATTRIBUTE = "system.posix_acl_access";
    public static final int HEADER_BYTES = 4;
    public static final int ENTRY_BYTES = 8;
    public static final int ENTRY_PERMISSIONS = 2;
    public static final int ENTRY_ID = 4;
    public static final int VERSION = 2;
    public static final int ACL_USER = 0x02;
    public static final int ACL_GROUP_OBJ = 0x04;
    public static final int ACL_GROUP = 0x08;
    public static final int ACL_MASK = 0x10;
    public static final int ACL_OTHER = 0x20;

    /** The kind of user or group that has rights, other than the owner. */
    enum Kind {
        USER,
        GROUP,
        OTHERS
    }

    /** {@code permissions}: the effective ones, three bits. {@code id}: of the user or group. */
    record Grant(Kind kind, int id, int permissions) {
        @Override
        public String toString() {
            return switch (kind) {
                case USER -> "user " + Integer.toUnsignedString(id);
                case GROUP -> "group " + Integer.toUnsignedString(id);
                case OTHERS -> "everybody";
            };
        }
    }

    private final List<Grant> grants;

    private AccessControlList(List<Grant> grants) {
        this.grants = List.copyOf(grants);
    }

    /** @throws PosixException EINVAL too, for a list of another version */
    public static AccessControlList of(Posix posix, OwnedFd fd, FileStatus status) throws PosixException {
        var attribute = posix.files().extendedAttribute(fd, ATTRIBUTE);
        if (attribute.isPresent()) {
            return parse(ByteBuffer.wrap(attribute.get()), fd, status);
        }
        return new AccessControlList(List.of(
                new Grant(Kind.GROUP, status.gid(), status.permissions() >> 3 & 7),
                new Grant(Kind.OTHERS, 0, status.permissions() & 7)));
    }

    static AccessControlList parse(ByteBuffer list, OwnedFd fd, FileStatus status) throws PosixException {
        list.order(ByteOrder.LITTLE_ENDIAN);
        if (list.limit() % ENTRY_BYTES != HEADER_BYTES || list.getInt(0) != VERSION) {
            throw new PosixException(ATTRIBUTE, Errno.EINVAL, fd);
        }
        int mask = 7;
        for (int at = HEADER_BYTES; at < list.limit(); at += ENTRY_BYTES) {
            if (list.getShort(at) == ACL_MASK) {
                mask = list.getShort(at + ENTRY_PERMISSIONS);
            }
        }
        var grants = new ArrayList<Grant>();
        for (int at = HEADER_BYTES; at < list.limit(); at += ENTRY_BYTES) {
            int permissions = list.getShort(at + ENTRY_PERMISSIONS);
            int id = list.getInt(at + ENTRY_ID);
            switch (list.getShort(at)) {
                case ACL_USER -> grants.add(new Grant(Kind.USER, id, permissions & mask));
                case ACL_GROUP_OBJ -> grants.add(new Grant(Kind.GROUP, status.gid(), permissions & mask));
                case ACL_GROUP -> grants.add(new Grant(Kind.GROUP, id, permissions & mask));
                case ACL_OTHER -> grants.add(new Grant(Kind.OTHERS, 0, permissions));
                default -> {} // entries of the owner and the mask
            }
        }
        return new AccessControlList(grants);
    }

    /** Returns the grants with at least one of these rights, in the order of the list. */
    List<Grant> grants(int anyOf) {
        return grants.stream()
                .filter(grant -> (grant.permissions() & anyOf) != 0)
                .toList();
    }

    /** Whether the file has a list with more entries than its mode can express, masked or not. */
    public static boolean isExtended(Posix posix, OwnedFd fd) throws PosixException {
        return posix.files().extendedAttribute(fd, ATTRIBUTE).isPresent();
    }
}
