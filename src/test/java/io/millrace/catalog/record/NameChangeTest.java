// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.posix.libc.BytePath;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NameChangeTest {
    private static final FileKey KEY = FileKey.of(new byte[] {1, 2}, 17, 1);
    private static final FileKey SAME_INODE = FileKey.of(new byte[] {1, 2}, 17, 2);
    private static final BytePath A = BytePath.of("/d/a");
    private static final BytePath B = BytePath.of("/d/b");

    private static NameChange found(
            BytePath current, Optional<List<BytePath>> known, Optional<FileKey> formerly, Set<BytePath> there) {
        return NameChange.of(KEY, current, known, formerly, there::contains);
    }

    @Test
    void knowsAFileUnderItsName() {
        assertThat(found(A, Optional.of(List.of(A)), Optional.of(KEY), Set.of()))
                .isEqualTo(NameChange.NONE);
    }

    @Test
    void tellsARenameFromALink() {
        assertThat(found(B, Optional.of(List.of(A)), Optional.empty(), Set.of()))
                .isEqualTo(NameChange.MOVED);
        assertThat(found(B, Optional.of(List.of(A)), Optional.empty(), Set.of(A)))
                .isEqualTo(NameChange.LINKED);
        assertThat(NameChange.goneNames(B, List.of(A, B), name -> false)).containsExactly(A);
        assertThat(NameChange.goneNames(B, List.of(A, B), A::equals)).isEmpty();
    }

    @Test
    void takesAnInodeThatIsUsedAgainForAnotherFile() {
        assertThat(found(A, Optional.empty(), Optional.of(SAME_INODE), Set.of()))
                .isEqualTo(NameChange.REPLACED);
        assertThat(found(B, Optional.empty(), Optional.empty(), Set.of())).isEqualTo(NameChange.NEW);
    }

    @Test
    void seesAMoveWhereAnotherFileTookTheName() {
        assertThat(found(B, Optional.of(List.of()), Optional.empty(), Set.of())).isEqualTo(NameChange.MOVED);
        assertThat(found(A, Optional.of(List.of(B)), Optional.of(SAME_INODE), Set.of()))
                .isEqualTo(NameChange.MOVED);
    }

    @Test
    void missesNothingOfAFileSystemThatIsNotThere() {
        assertThat(Absence.of(KEY, Set.of(), false)).isEqualTo(Absence.NOT_MOUNTED);
        assertThat(Absence.of(KEY, Set.of(FileSystemId.of(new byte[] {3})), true))
                .isEqualTo(Absence.NOT_MOUNTED);
        assertThat(Absence.of(KEY, Set.of(KEY.fileSystem()), true)).isEqualTo(Absence.PRESENT);
        assertThat(Absence.of(KEY, Set.of(KEY.fileSystem()), false)).isEqualTo(Absence.MISSING);
    }

    @Test
    void comparesFileSystemsByContent() {
        assertThat(FileKey.of(new byte[] {1, 2}, 17, 1)).isEqualTo(KEY).hasSameHashCodeAs(KEY);
        assertThat(FileSystemId.parse(KEY.fileSystem().toString())).isEqualTo(KEY.fileSystem());
    }
}
