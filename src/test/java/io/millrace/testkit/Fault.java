// SPDX-License-Identifier: Apache-2.0
package io.millrace.testkit;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.millrace.posix.ChildCalls.ChildProcess;
import io.millrace.posix.SpawnRequest;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One way in which a {@link FaultyPosix} fails, and how often it did. Narrow it down before the calls start. */
public final class Fault {
    private final String method;
    private final @Nullable Errno errno;
    private final long lengthBytes;
    private final @Nullable Deed deed;
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger injected = new AtomicInteger();
    private volatile String subject = "";
    private volatile int first = 1;
    private volatile int last = Integer.MAX_VALUE;

    /** What somebody else does just before a call. */
    public interface Deed {
        /** @param arguments of the call; an exception becomes its answer */
        void before(List<Object> arguments) throws IOException;
    }

    Fault(String method, @Nullable Errno errno, long lengthBytes) {
        this.method = method;
        this.errno = errno;
        this.lengthBytes = lengthBytes;
        this.deed = null;
    }

    Fault(String method, Deed deed) {
        this.method = method;
        this.errno = null;
        this.lengthBytes = 0;
        this.deed = deed;
    }

    /** Only calls on a path, descriptor or child whose displayed name contains {@code text} count and fail. */
    @CanIgnoreReturnValue
    public Fault on(String text) {
        subject = text;
        return this;
    }

    /** The first call that fails, 1 being the first of all threads. Comes before {@link #times}. */
    @CanIgnoreReturnValue
    public Fault fromCall(int number) {
        first = number;
        return this;
    }

    /** How many calls fail; all that follow, unless told. */
    @CanIgnoreReturnValue
    public Fault times(int count) {
        last = first + count - 1;
        return this;
    }

    /** How often it struck: a fault counts as survived only when it was seen. */
    public int injected() {
        return injected.get();
    }

    /** Calls that it looked at, failed or not. */
    public int calls() {
        return calls.get();
    }

    void strike(Method called, Object @Nullable [] arguments) throws IOException {
        if (!called.getName().equals(method) || arguments == null && !subject.isEmpty()) {
            return;
        }
        List<Object> given = arguments == null ? List.of() : Arrays.asList(arguments);
        if (!subject.isEmpty() && given.stream().noneMatch(this::isMeant)) {
            return;
        }
        int call = calls.incrementAndGet();
        if (call < first || call > last) {
            return;
        }
        injected.incrementAndGet();
        if (deed != null) {
            deed.before(given);
            return;
        }
        if (errno != null) {
            throw new PosixException(method, errno, subjectOf(given), rangeOf(given));
        }
        int at = lengthIndex(called);
        Objects.requireNonNull(arguments)[at] = shortened(arguments[at]);
    }

    private boolean isMeant(Object argument) {
        return named(argument).anyMatch(name -> name.toString().contains(subject));
    }

    /** The path or descriptor of an argument, if it has one. */
    private static Stream<Object> named(Object argument) {
        if (argument instanceof SpawnRequest request) {
            return Stream.of(request.program());
        }
        if (argument instanceof ChildProcess child) {
            return child.pidfd().stream().map(Object.class::cast);
        }
        return argument instanceof BytePath || argument instanceof OwnedFd ? Stream.of(argument) : Stream.empty();
    }

    private static String subjectOf(List<Object> arguments) {
        return arguments.stream()
                .flatMap(Fault::named)
                .reduce((one, other) -> other instanceof BytePath ? other : one) // openAt: the path, not its directory
                .map(Object::toString)
                .orElse("no file");
    }

    private static @Nullable ByteRange rangeOf(List<Object> arguments) {
        return arguments.stream()
                .filter(ByteRange.class::isInstance)
                .map(ByteRange.class::cast)
                .findFirst()
                .orElse(null);
    }

    private Object shortened(Object length) {
        if (length instanceof ByteRange range) {
            return new ByteRange(range.offsetBytes(), Math.min(range.lengthBytes(), lengthBytes));
        }
        return length instanceof Integer bytes
                ? (Object) (int) Math.min(bytes, lengthBytes)
                : (Object) Math.min((Long) length, lengthBytes);
    }

    /** Which parameter says how much to move; -1 if none does. */
    static int lengthIndex(Method method) {
        var parameters = method.getParameters();
        for (int i = 0; i < parameters.length; i++) {
            if (parameters[i].getType() == ByteRange.class
                    || parameters[i].getName().equals("lengthBytes")) {
                return i;
            }
        }
        return -1;
    }
}
