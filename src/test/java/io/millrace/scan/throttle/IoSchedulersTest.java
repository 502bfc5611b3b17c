// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.posix.FileStatus;
import io.millrace.posix.FileType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tree as sysfs has it: links from numbers to devices, partitions within disks, mappings with what lies below. */
class IoSchedulersTest {
    @TempDir
    Path sysfs;

    private final List<String> told = new ArrayList<>();
    private IoSchedulers schedulers = new IoSchedulers(Path.of("/"), (device, scheduler) -> {});

    @BeforeEach
    void startTelling() {
        schedulers =
                new IoSchedulers(sysfs.resolve("block"), (device, scheduler) -> told.add(device + " " + scheduler));
    }

    private Path device(String place, int minor, String scheduler) throws IOException {
        Path device = Files.createDirectories(sysfs.resolve("devices").resolve(place));
        if (!scheduler.isEmpty()) {
            Files.createDirectories(device.resolve("queue"));
            Files.writeString(device.resolve("queue/scheduler"), scheduler + "\n");
        }
        Files.createSymbolicLink(Files.createDirectories(sysfs.resolve("block")).resolve("8:" + minor), device);
        return device;
    }

    private void open(int minor) {
        long device = 8L << 32 | minor;
        schedulers.opened(new FileStatus(FileType.REGULAR, 0644, 0, 0, device, 1, 1, 10, 8, 0, 0));
    }

    @Test
    void tellsOnceWhereTheClassIsIgnored() throws Exception {
        var unused = device("nvme0n1", 0, "[none] mq-deadline kyber bfq");
        open(0);
        open(0);
        assertThat(told).containsExactly("nvme0n1 none");
    }

    @Test
    void saysNothingWhereItIsHeeded() throws Exception {
        var bfq = device("sda", 1, "none mq-deadline [bfq]");
        var deadline = device("sdb", 2, "none [mq-deadline] bfq");
        open(1);
        open(2);
        assertThat(told).isEmpty();
        assertThat(bfq).isNotEqualTo(deadline);
    }

    @Test
    void asksTheDiskOfAPartition() throws Exception {
        var unused = device("sdc", 3, "none [kyber]");
        unused = device("sdc/sdc1", 4, "");
        open(4);
        assertThat(told).containsExactly("sdc1 kyber");
    }

    @Test
    void asksWhatAMappingLiesOn() throws Exception {
        Path heeding = device("sdd", 5, "[bfq] none");
        Path ignoring = device("sde", 6, "[none]");
        Path mapping = device("dm-0", 7, "none");
        Files.createDirectory(mapping.resolve("slaves"));
        Files.createSymbolicLink(mapping.resolve("slaves/sdd"), heeding);
        Files.createSymbolicLink(mapping.resolve("slaves/sde"), ignoring);
        open(7);
        assertThat(told).containsExactly("sde none");
    }

    @Test
    void saysNothingOfWhatIsNoBlockDevice() {
        open(99);
        assertThat(told).isEmpty();
    }
}
