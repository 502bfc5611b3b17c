// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.posix.BytePath;
import io.millrace.posix.FileStatus;
import io.millrace.posix.Posix;
import io.millrace.posix.PosixException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;

/** What lets the users of this machine in who may read one file, made anew at each start. */
record Credential(String host, int port, String user, String password) {
    static final String FILE_NAME = "jmx.credential";

    private static final String USER = "millrace";
    private static final int PASSWORD_BYTES = 32;
    private static final int SEARCHABLE_BY_GROUP = 010;
    private static final int WRITABLE_BY_OTHERS = 02;

    static Credential random(String host, int port) {
        byte[] bytes = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(bytes);
        return new Credential(
                host, port, USER, Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    static BytePath in(BytePath runtimeDirectory) {
        return runtimeDirectory.resolve(FILE_NAME.getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * Readable by the group where that may enter the directory. Returns the file's status, by which to know it again.
     *
     * @throws IOException one line; also for a directory where anybody could put a file of his own in its place
     */
    FileStatus write(Posix posix, BytePath directory) throws IOException {
        int permissions = posix.files().status(directory).permissions();
        if ((permissions & WRITABLE_BY_OTHERS) != 0) {
            throw new IOException(directory + ": is no place for the credential, since its mode 0"
                    + Integer.toOctalString(permissions) + " lets anybody replace it; chmod o-w");
        }
        boolean shared = (permissions & SEARCHABLE_BY_GROUP) != 0;
        return SecretFile.write(posix, in(directory), shared ? 0640 : 0600, toText());
    }

    static void remove(Posix posix, BytePath directory, FileStatus own) throws PosixException {
        BytePath path = in(directory);
        if (posix.files().status(path).isSameFileAs(own)) { // and not that of whoever came after us
            SecretFile.remove(posix, path);
        }
    }

    private String toText() {
        return "host=" + host + "\nport=" + port + "\nuser=" + user + "\npassword=" + password + "\n";
    }

    /** @throws IOException one line, of a file that cannot be read or understood */
    static Credential read(Posix posix, BytePath path) throws IOException {
        String text = SecretFile.read(posix, path);
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

    private static String value(String text, String key) {
        return text.lines()
                .filter(line -> line.startsWith(key + "="))
                .map(line -> line.substring(key.length() + 1))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(key + " is missing"));
    }
}
