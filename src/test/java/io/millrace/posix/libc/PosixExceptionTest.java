// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.libc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PosixExceptionTest {
    @Test
    void saysWhatFailedOnWhatAndWhy() {
        var plain = new PosixException("fsync", Errno.EIO, "/a");
        assertThat(plain).hasMessage("/a: fsync: Input/output error (EIO)");
        assertThat(plain.call()).isEqualTo("fsync");
        assertThat(plain.errno()).isEqualTo(Errno.EIO);
        assertThat(plain.is(Errno.EIO)).isTrue();
        assertThat(plain.is(Errno.ENOSPC)).isFalse();
        assertThat(new PosixException("pread", Errno.EIO, "/a", new ByteRange(4096, 10)))
                .hasMessage("/a: pread at 4096+10: Input/output error (EIO)");
    }

    @Test
    void keepsANumberThatNobodyKnows() {
        var leaked = new PosixException("fallocate", 524, "/a", null);
        assertThat(leaked).hasMessage("/a: fallocate: Unknown error 524 (UNKNOWN)");
        assertThat(leaked.errno()).isEqualTo(Errno.UNKNOWN);
        assertThat(new PosixException("fallocate", 28, "/a", null))
                .hasMessage("/a: fallocate: No space left on device (ENOSPC)");
    }
}
