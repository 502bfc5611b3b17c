// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import io.millrace.daemon.config.Configuration;
import io.millrace.daemon.config.ConfigurationException;
import io.millrace.daemon.config.ConfigurationProblem;
import io.millrace.daemon.config.PatientChecks;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.linux.LinuxPosix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** A configuration of the whole service, and the files and directories that it names. */
public record ServiceFile(Path directory) {
    /** Every key of every section but that of workers, each on a line of its own. */
    static final List<String> LINES = """
            state-directory: state
            runtime-directory: run
            http:
              listen: 127.0.0.1:9850
              hosts: [status.example.org, "[2001:db8::7]"]
            jmx:
              listen: 192.0.2.1:9851
              access: users
              tls:
                key-store: service.p12
                trust-store: clients.p12
                password-file: password
            catalog:
              directory: kept
              backups: backups
            roots: [., data]
            reserve: 7.5%
            limits:
              rate: 400MiB/s
              parallel: 2
              io-class: idle
              yield-above:
                io-pressure: 20%
            pools:
              wal:
                directory: wal
                file-size: 64KiB
                ready: 2
                name: "w%%-%04d"
                fill: zero
                mode: "0600"
                owner: root
                group: 4294967294
                reserve: 1GiB
              plain: {directory: plain, file-size: 1, ready: 0}
            workers:
              count:
                command: [wc, -c]
              lines: {command: wc -l}
            sources:
              all:
                paths: [data, data/file]
                include: ["*.tar.zst", "logs/**/*.gz"]
                exclude: [tmp]
                order: inode
                every: 24h
                at-start: true
                digests: [sha256, crc32c]
                workers: [lines, count]
                cache: drop
                fallback: keep
                rate: 1MB/s
                parallel: 4
                read-size: 64KiB
                io-class: best-effort:7
                yield-above:
                  io-pressure: 2.5%
              plain:
                paths: [data]
                cron: "0 3 * * *"
                record: true
              verified:
                paths: [data]
                verify: true
                verify-within: 30d
                between: "22:30-05:00"
            """.lines().toList();

    /** With the files and directories. */
    public static ServiceFile in(Path directory) throws IOException {
        for (String name : List.of("wal", "plain", "data", "kept", "backups")) {
            Files.createDirectory(directory.resolve(name));
        }
        for (String name : List.of("users", "service.p12", "clients.p12", "password", "data/file")) {
            Path file = Files.createFile(directory.resolve(name));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        }
        return new ServiceFile(directory);
    }

    BytePath write(byte[] text) throws IOException {
        return BytePath.of(Files.write(directory.resolve("millrace.yaml"), text).toString());
    }

    BytePath write(String text) throws IOException {
        return write(BytePath.encode(text));
    }

    Configuration read(String text) throws IOException {
        return PatientChecks.read(LinuxPosix.create(), write(text));
    }

    /** What is wrong with it, each without the name of the file and with {@code @} for the directory; none if nothing. */
    public List<String> problems(String text) throws IOException {
        try {
            var unused = read(text);
            return List.of();
        } catch (ConfigurationException e) {
            return e.problems().stream()
                    .map(ConfigurationProblem::toString)
                    .map(line -> line.replace(directory + "/millrace.yaml:", "").replace(directory.toString(), "@"))
                    .toList();
        }
    }
}
