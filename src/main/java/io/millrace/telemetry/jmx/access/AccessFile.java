// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.access;

import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The users who may connect from other machines: one in each line, {@code NAME ROLE PASSWORD}; # starts a comment. Any
 * thread.
 */
public record AccessFile(Posix posix, BytePath path) implements CredentialAuthenticator.Users {
    private static final int WORDS = 3;

    /** Reads the current content of the file. @throws IOException one line, if the file cannot be read or parsed */
    @Override
    public List<CredentialAuthenticator.User> list() throws IOException {
        List<CredentialAuthenticator.User> users = new ArrayList<>();
        int number = 0;
        for (String line : SecretFile.read(posix, path).split("\n", -1)) {
            number++;
            String text = line.strip();
            if (!text.isEmpty() && !text.startsWith("#")) {
                users.add(user(text.split("\\s+", WORDS), number));
            }
        }
        return users;
    }

    private CredentialAuthenticator.User user(String[] words, int number) throws IOException {
        var role = words.length == WORDS ? Role.of(words[1]) : Optional.<Role>empty();
        if (role.isEmpty()) {
            throw new IOException(path + ":" + number + ": a line is NAME readonly|readwrite PASSWORD");
        }
        return new CredentialAuthenticator.User(words[0], role.get(), words[2]);
    }
}
