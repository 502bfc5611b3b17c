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

/** Grants access to users of this machine who may read one file. It is newly generated at each start. */
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
     * Writes the file. The process's group may read it if the directory belongs to that group and the group may enter
     * it. Returns the status of the file, by which it can be recognized later.
     *
     * @throws IOException one line; also if another user could replace a file in the directory
     */
    public FileStatus write(Posix posix, BytePath directory) throws IOException {
        BytePath real = TrustedPath.require(posix, directory);
        boolean shared = (posix.files().status(real).permissions() & SEARCHABLE_BY_GROUP) != 0;
        return SecretFile.write(posix, in(real), shared ? 0640 : 0600, toText());
    }

    public static void remove(Posix posix, BytePath directory, FileStatus own) throws PosixException {
        BytePath path = in(directory);
        try {
            if (posix.files().status(path).isSameFileAs(own)) { // not the file of a later service
                SecretFile.remove(posix, path);
            }
        } catch (PosixException e) {
            if (!e.is(Errno.ENOENT)) { // the file is already removed
                throw e;
            }
        }
    }

    private String toText() {
        return "host=" + host + "\nport=" + port + "\nuser=" + user + "\npassword=" + password + "\n";
    }

    /** @throws IOException one line, if the file cannot be read or parsed */
    public static Credential read(Posix posix, BytePath path) throws IOException {
        String text = SecretFile.read(posix, path, owner -> isBelieved(posix, path, owner));
        try {
            return new Credential(
                    value(text, "host"),
                    Integer.parseInt(value(text, "port")),
                    value(text, "user"),
                    value(text, "password"));
        } catch (IllegalArgumentException e) {
            throw new IOException(path + ": is not a credential of a Millrace service (" + e.getMessage() + ")", e);
        }
    }

    /**
     * Accepts files of root and of this process's user. A file of a service's user is accepted if its directory belongs
     * to the same user and only root or this process's user can have put the directory there: {@code /run/millrace}
     * qualifies, {@code /tmp/millrace} does not.
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
