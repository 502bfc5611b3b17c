// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

/**
 * File systems by the magic number of statfs(2) (linux/magic.h), and what is true of each by its nature. What depends
 * on the kernel has to be probed.
 */
public enum FileSystemType {
    EXT(0xEF53, "ext2/ext3/ext4", Kind.STORED),
    XFS(0x58465342, "xfs", Kind.STORED),
    BTRFS(0x9123683EL, "btrfs", Kind.COPY_ON_WRITE),
    BCACHEFS(0xCA451A4EL, "bcachefs", Kind.COPY_ON_WRITE),
    ZFS(0x2FC12FC1L, "zfs", Kind.COPY_ON_WRITE),
    NILFS(0x3434, "nilfs2", Kind.COPY_ON_WRITE),
    F2FS(0xF2F52010L, "f2fs", Kind.STORED),
    VFAT(0x4D44, "vfat", Kind.STORED),
    EXFAT(0x2011BAB0L, "exfat", Kind.STORED),
    NTFS(0x7366746EL, "ntfs3", Kind.STORED),
    SQUASHFS(0x73717368, "squashfs", Kind.STORED),
    EROFS(0xE0F5E1E2L, "erofs", Kind.STORED),
    ISOFS(0x9660, "iso9660", Kind.STORED),
    OVERLAY(0x794C7630, "overlay", Kind.SERVED),
    NFS(0x6969, "nfs", Kind.SERVED),
    CIFS(0xFF534D42L, "cifs", Kind.SERVED),
    SMB2(0xFE534D42L, "smb2", Kind.SERVED),
    CEPH(0x00C36400, "ceph", Kind.SERVED),
    FUSE(0x65735546, "fuse", Kind.SERVED),
    P9(0x01021997, "9p", Kind.SERVED),
    TMPFS(0x01021994, "tmpfs", Kind.MEMORY),
    RAMFS(0x858458F6L, "ramfs", Kind.MEMORY),
    HUGETLBFS(0x958458F6L, "hugetlbfs", Kind.MEMORY),
    PROC(0x9FA0, "proc", Kind.KERNEL),
    SYSFS(0x62656572, "sysfs", Kind.KERNEL),
    DEBUGFS(0x64626720, "debugfs", Kind.KERNEL),
    TRACEFS(0x74726163, "tracefs", Kind.KERNEL),
    SECURITYFS(0x73636673, "securityfs", Kind.KERNEL),
    CONFIGFS(0x62656570, "configfs", Kind.KERNEL),
    SELINUX(0xF97CFF8CL, "selinuxfs", Kind.KERNEL),
    CGROUP(0x27E0EB, "cgroup", Kind.KERNEL),
    CGROUP2(0x63677270, "cgroup2", Kind.KERNEL),
    BPF(0xCAFE4A11L, "bpf", Kind.KERNEL),
    PSTORE(0x6165676C, "pstore", Kind.KERNEL),
    EFIVARFS(0xDE5E81E4L, "efivarfs", Kind.KERNEL),
    FUSECTL(0x65735543, "fusectl", Kind.KERNEL),
    BINFMT(0x42494E4D, "binfmt_misc", Kind.KERNEL),
    MQUEUE(0x19800202, "mqueue", Kind.KERNEL),
    DEVPTS(0x1CD1, "devpts", Kind.KERNEL),
    OTHER(0, "other", Kind.SERVED);

    /** Where the bytes of a file come from. */
    private enum Kind {
        /** From a device or a server, through the page cache. */
        STORED,
        /** The same, through another program or host or file system, whose word for the size of a file need not hold. */
        SERVED,
        /** As stored ones, and a rewritten block gets a new place: a reservation does not hold for it. */
        COPY_ON_WRITE,
        /** The page cache is the only place they have. */
        MEMORY,
        /** Made up by the kernel at every read, and sometimes without end. */
        KERNEL
    }

    private final long magic;
    private final String words;
    private final Kind kind;

    FileSystemType(long magic, String words, Kind kind) {
        this.magic = magic;
        this.words = words;
        this.kind = kind;
    }

    /** By {@link FileSystemStatus#magic}; {@link #OTHER} for one that is not in the table. */
    public static FileSystemType of(long magic) {
        for (FileSystemType type : values()) {
            if (type.magic == (magic & 0xFFFF_FFFFL)) {
                return type;
            }
        }
        return OTHER;
    }

    /** The name as mount(8) has it. */
    public String label() {
        return words;
    }

    /** Whether files hold stored bytes, and not what the kernel makes up as it is read (/proc, /sys). */
    public boolean holdsFiles() {
        return kind != Kind.KERNEL;
    }

    /** Whether pages can be dropped because the bytes are also elsewhere. */
    public boolean canDropPages() {
        return kind == Kind.STORED || kind == Kind.SERVED || kind == Kind.COPY_ON_WRITE;
    }

    /** Whether the size that stat(2) reports is where reads end. FUSE file systems may report 0 and hold a document. */
    public boolean hasExactSizes() {
        return kind != Kind.SERVED;
    }

    /** Whether mincore(2) and cachestat(2) tell what is in memory. Of huge pages they say that none is. */
    public boolean tellsResidency() {
        return this != HUGETLBFS;
    }

    /** Whether a write to a reserved block needs a new block, unless the file was set otherwise. */
    public boolean isCopyOnWrite() {
        return kind == Kind.COPY_ON_WRITE;
    }

    /** cachestat(2) on overlayfs counts the pages of the overlay's inode, which has none. */
    public boolean countsPages() {
        return this != OVERLAY;
    }
}
