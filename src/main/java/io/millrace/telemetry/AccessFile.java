// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.posix.BytePath;
import io.millrace.posix.Posix;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The users who may come from elsewhere: a line each, {@code NAME ROLE PASSWORD}; # begins a comment. Any thread. */
record AccessFile(Posix posix, BytePath path) implements Login.Users {
    private static final int WORDS = 3;

    /** As the file is now. @throws IOException one line, of a file that cannot be read or understood */
    @Override
    public List<Login.User> list() throws IOException {
        List<Login.User> users = new ArrayList<>();
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

    private Login.User user(String[] words, int number) throws IOException {
        var role = words.length == WORDS ? Role.of(words[1]) : Optional.<Role>empty();
        if (role.isEmpty()) {
            throw new IOException(path + ":" + number + ": a line is NAME readonly|readwrite PASSWORD");
        }
        return new Login.User(words[0], role.get(), words[2]);
    }
}
