// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.access;

import io.millrace.telemetry.RateLimitedLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.management.remote.JMXAuthenticator;
import javax.management.remote.JMXPrincipal;
import javax.security.auth.Subject;

/**
 * Authenticates a user by name and password, in a time that does not depend on how much of them was correct. The
 * response to a wrong password is delayed, and the number of delayed logins is limited. Any thread.
 */
public final class CredentialAuthenticator implements JMXAuthenticator {
    private static final long PENALTY_MILLIS = 1000;
    private static final int MAX_WAITING = 4;

    /** A configured user. */
    public record User(String name, Role role, String password) {}

    /** Supplies the current users. */
    public interface Users {
        List<User> list() throws IOException;
    }

    private final Users users;
    private final RateLimitedLog log;
    private final Semaphore waiting = new Semaphore(MAX_WAITING);

    CredentialAuthenticator(Users users, RateLimitedLog log) {
        this.users = users;
        this.log = log;
    }

    @Override
    public Subject authenticate(Object credentials) {
        if (!(credentials instanceof String[] words) || words.length != 2 || words[0] == null || words[1] == null) {
            throw refuse();
        }
        User found = null;
        for (User user : users()) {
            boolean same = same(user.name(), words[0]) & same(user.password(), words[1]);
            found = same ? user : found;
        }
        if (found == null) {
            throw refuse();
        }
        return new Subject(true, Set.of(new JMXPrincipal(found.name())), Set.of(found.role()), Set.of());
    }

    private List<User> users() {
        try {
            return users.list();
        } catch (IOException e) {
            throw new SecurityException(e.getMessage());
        }
    }

    /** Compares digests, which have equal length. */
    private static boolean same(String a, String b) {
        return MessageDigest.isEqual(digest(a), digest(b));
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has the algorithm
        }
    }

    private SecurityException refuse() {
        AcceptedSocket connection = AcceptedSocket.served();
        log.warn(
                RateLimitedLog.Kind.LOGIN,
                "wrong user or password from " + (connection == null ? "this process" : connection.peer()),
                System.nanoTime());
        try {
            waiting.acquire();
            try {
                TimeUnit.MILLISECONDS.sleep(PENALTY_MILLIS);
            } finally {
                waiting.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new SecurityException("wrong user or password");
    }
}
