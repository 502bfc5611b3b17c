// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.posix.IoPriority.IoClass;
import io.millrace.posix.libc.PosixException;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessCallsIT {
    @TempDir
    Path directory;

    private final ProcessCalls process = LinuxPosix.create().process();

    @Test
    void knowsTheEffectiveUser() throws Exception {
        assertThat(Command.run("id", "-u").strip()).isEqualTo(String.valueOf(process.effectiveUser()));
    }

    @Test
    void setsThePriorityOfThisThreadOnly() throws Exception {
        String before = ionice();
        inAThreadOfItsOwn(() -> {
            process.setIoPriority(new IoPriority(IoClass.BEST_EFFORT, 7));
            assertThat(ionice()).isEqualTo("best-effort: prio 7");
            process.setIoPriority(new IoPriority(IoClass.BEST_EFFORT, 0));
            assertThat(ionice()).isEqualTo("best-effort: prio 0");
            process.setIoPriority(new IoPriority(IoClass.IDLE, 7));
            assertThat(ionice()).isEqualTo("idle");
            process.setIoPriority(new IoPriority(IoClass.NONE, 0));
            assertThat(ionice()).startsWith("none");
            return null;
        });
        assertThat(ionice()).isEqualTo(before);
    }

    @Test
    void setsRealtimeForThoseWhoMay() throws Exception {
        assumeTrue(process.effectiveUser() == 0, "needs root; the refusal is in UnprivilegedIT");
        inAThreadOfItsOwn(() -> {
            process.setIoPriority(new IoPriority(IoClass.REALTIME, 3));
            assertThat(ionice()).isEqualTo("realtime: prio 3");
            return null;
        });
    }

    @Test
    void refusesLevelsThatThereAreNot() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new IoPriority(IoClass.IDLE, 8))
                .withMessage("I/O priority 8 is not within 0 to 7");
        assertThatIllegalArgumentException().isThrownBy(() -> new IoPriority(IoClass.IDLE, -1));
        assertThatThrownBy(() -> process.setIoPriority(new IoPriority(IoClass.NONE, 4)))
                .hasMessage("this thread: ioprio_set: Invalid argument (EINVAL)");
    }

    /** Says where it is, then again after somebody has removed that directory. */
    static final class WhereAmI {
        public static void main(String[] arguments) throws Exception {
            var process = LinuxPosix.create().process();
            System.out.println(process.workingDirectory());
            var unused = Command.run("sh", "-c", "rmdir \"$(pwd -P)\"");
            try {
                System.out.println(process.workingDirectory());
            } catch (PosixException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @Test
    void knowsTheWorkingDirectoryByItsBytes() throws Exception {
        assertThat(process.workingDirectory())
                .hasToString(Path.of("").toRealPath().toString());
        String enter = "d=$(printf 'b\\377 \\303d'); mkdir \"$0/$d\" && cd \"$0/$d\" && exec \"$@\"";
        var result = ChildJvm.of(WhereAmI.class)
                .under("sh", "-c", enter, directory.toRealPath().toString())
                .run();
        assertThat(result.out().lines())
                .as(result.toString())
                .containsExactly(
                        directory.toRealPath() + "/b\\377 \\303d",
                        "the working directory: getcwd: No such file or directory (ENOENT)");
    }

    @Test
    void knowsUsersAndGroupsByTheirNames() throws Exception {
        assertThat(process.userId("root")).hasValue(0);
        assertThat(process.groupId("root")).hasValue(0);
        for (String name : new String[] {"daemon", "nobody"}) {
            assertThat(Command.run("id", "-u", name).strip())
                    .isEqualTo(String.valueOf(process.userId(name).orElseThrow()));
        }
        assertThat(Command.run("getent", "group", "daemon"))
                .contains(":" + process.groupId("daemon").orElseThrow() + ":");
        for (String name : new String[] {"", "no such one", "root\0x", "root:", "r\uDCFFt", "0"}) {
            assertThat(process.userId(name)).as(name).isEmpty();
            assertThat(process.groupId(name)).as(name).isEmpty();
        }
    }

    /** Says the number of a group with so many members that no first guess of a buffer holds them. */
    static final class BigGroup {
        public static void main(String[] arguments) throws Exception {
            System.out.println(LinuxPosix.create().process().groupId("crowd").orElse(-1));
        }
    }

    @Test
    void growsTheBufferForAGroupWithManyMembers() throws Exception {
        assumeTrue(process.effectiveUser() == 0, "needs root for a mount of its own");
        String line = "crowd:x:4242:" + "somebody,".repeat(20_000) + "last";
        Path groups = Files.writeString(directory.resolve("group"), line + "\n");
        String mount = "mount --bind \"$0\" /etc/group && exec \"$@\"";
        var result = ChildJvm.of(BigGroup.class)
                .under("unshare", "-m", "sh", "-c", mount, groups.toString())
                .run();
        assertThat(result.out()).as(result.toString()).isEqualTo("4242\n");
    }

    private static String ionice() throws Exception {
        String thread = Files.readSymbolicLink(Path.of("/proc/thread-self"))
                .getFileName()
                .toString();
        return Command.run("ionice", "-p", thread).strip();
    }

    private static void inAThreadOfItsOwn(Callable<Void> work) throws Exception {
        var thread = Executors.newSingleThreadExecutor();
        try {
            thread.submit(work).get();
        } finally {
            thread.shutdownNow();
        }
    }
}
