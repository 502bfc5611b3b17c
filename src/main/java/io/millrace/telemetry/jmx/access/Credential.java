// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.access;

import io.millrace.files.TrustedPath;
import io.millrace.posix.FileStatus;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.PosixException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;

/** What lets the users of this machine in who may read one file, made anew at each start. */
public record Credential(String host, int port, String user, String password) {
    static final String FILE_NAME = "jmx.credential";

    private static final String USER = "millrace";
    private static final int PASSWORD_BYTES = 32;
    private static final int SEARCHABLE_BY_GROUP = 010;

    public static Credential random(String host, int port) {
        byte[] bytes = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(bytes);
        return new Credential(
                host, port, USER, Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    public static BytePath in(BytePath runtimeDirectory) {
        return runtimeDirectory.resolve(FILE_NAME.getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * Readable by this process's group where that is the directory's and may enter it. Returns the file's status, by which
     * to know it again.
     *
     * @throws IOException one line; also for a directory where somebody else could put a file of his own in its place
     */
    public FileStatus write(Posix posix, BytePath directory) throws IOException {
        BytePath real = TrustedPath.require(posix, directory);
        boolean shared = (posix.files().status(real).permissions() & SEARCHABLE_BY_GROUP) != 0;
        return SecretFile.write(posix, in(real), shared ? 0640 : 0600, toText());
    }

    public static void remove(Posix posix, BytePath directory, FileStatus own) throws PosixException {
        BytePath path = in(directory);
        try {
            if (posix.files().status(path).isSameFileAs(own)) { // and not that of whoever came after us
                SecretFile.remove(posix, path);
            }
        } catch (PosixException e) {
            if (!e.is(Errno.ENOENT)) { // which is as well
                throw e;
            }
        }
    }

    private String toText() {
        return "host=" + host + "\nport=" + port + "\nuser=" + user + "\npassword=" + password + "\n";
    }

    /** @throws IOException one line, of a file that cannot be read or understood */
    public static Credential read(Posix posix, BytePath path) throws IOException {
        String text = SecretFile.read(posix, path, owner -> isBelieved(posix, path, owner));
        try {
            return new Credential(
                    value(text, "host"),
                    Integer.parseInt(value(text, "port")),
                    value(text, "user"),
                    value(text, "password"));
        } catch (IllegalArgumentException e) {
            throw new IOException(path + ": is no credential of a Millrace service (" + e.getMessage() + ")", e);
        }
    }

    /**
     * Of root and of this process's user; and of a service's user, if the directory is that user's too and nobody but root
     * or this process's user can have put it where it is: {@code /run/millrace} is such a one, {@code /tmp/millrace} not.
     */
    private static boolean isBelieved(Posix posix, BytePath path, int owner) {
        if (SecretFile.isOwn(posix, owner)) {
            return true;
        }
        try {
            return posix.files().status(path.parent()).uid() == owner && TrustedPath.isGiven(posix, path.parent());
        } catch (IOException e) {
            return false;
        }
    }

    private static String value(String text, String key) {
        return text.lines()
                .filter(line -> line.startsWith(key + "="))
                .map(line -> line.substring(key.length() + 1))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(key + " is missing"));
    }
}
