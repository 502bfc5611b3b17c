// SPDX-License-Identifier: Apache-2.0
package io.millrace.testkit;

import io.millrace.posix.ChildCalls;
import io.millrace.posix.FileCalls;
import io.millrace.posix.IdentityCalls;
import io.millrace.posix.InotifyCalls;
import io.millrace.posix.IoCalls;
import io.millrace.posix.PageCalls;
import io.millrace.posix.PipeCalls;
import io.millrace.posix.Posix;
import io.millrace.posix.ProcessCalls;
import io.millrace.posix.SocketCalls;
import io.millrace.posix.SpaceCalls;
import io.millrace.posix.TerminalCalls;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.PosixException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * System calls that fail when told to, over real ones. Any number of threads.
 *
 * <pre>{@code
 * var faulty = new FaultyPosix(LinuxPosix.create());
 * var eio = faulty.fail("pread", Errno.EIO).on("b.bin").fromCall(3).times(1);
 * var brief = faulty.shorten("spliceFromFile", 4096);
 * scan(faulty.posix());
 * assertThat(eio.injected()).isEqualTo(1);
 * }</pre>
 *
 * <p>Methods are named as in the interfaces of {@code io.millrace.posix}; one name stands for all its overloads.
 * Reading a {@code Directory} is not among them: it calls the kernel by itself.
 */
public final class FaultyPosix {
    private static final List<Class<?>> FACES = List.of(
            FileCalls.class,
            IoCalls.class,
            SpaceCalls.class,
            PageCalls.class,
            PipeCalls.class,
            TerminalCalls.class,
            ProcessCalls.class,
            ChildCalls.class,
            SocketCalls.class,
            InotifyCalls.class,
            IdentityCalls.class);

    private final List<Fault> faults = new CopyOnWriteArrayList<>();
    private final Posix posix;

    public FaultyPosix(Posix real) {
        posix = new Posix(
                wrap(FileCalls.class, real.files()),
                wrap(IoCalls.class, real.io()),
                wrap(SpaceCalls.class, real.space()),
                wrap(PageCalls.class, real.pages()),
                wrap(PipeCalls.class, real.pipes()),
                wrap(TerminalCalls.class, real.terminals()),
                wrap(ProcessCalls.class, real.process()),
                wrap(ChildCalls.class, real.children()),
                wrap(SocketCalls.class, real.sockets()),
                wrap(InotifyCalls.class, real.watches()),
                wrap(IdentityCalls.class, real.identities()));
    }

    /** What to hand to the code under test. */
    public Posix posix() {
        return posix;
    }

    /** Makes every call of {@code method} throw, until the result is told which ones. */
    public Fault fail(String method, Errno errno) {
        if (methods(method).anyMatch(m -> !List.of(m.getExceptionTypes()).contains(PosixException.class))) {
            throw new IllegalArgumentException(method + " cannot fail");
        }
        return add(new Fault(method, errno, 0));
    }

    /** Makes {@code method} move {@code lengthBytes} at most: a file that ends sooner, a pipe that is nearly full. */
    public Fault shorten(String method, long lengthBytes) {
        if (methods(method).anyMatch(m -> Fault.lengthIndex(m) < 0)) {
            throw new IllegalArgumentException(method + " has no length");
        }
        return add(new Fault(method, null, lengthBytes));
    }

    /** Has somebody else do something before every call of {@code method}, until the result is told which ones. */
    public Fault before(String method, Fault.Deed deed) {
        return add(new Fault(method, deed));
    }

    /** From here on all calls pass. Counts stay. */
    public void heal() {
        faults.clear();
    }

    private Fault add(Fault fault) {
        faults.add(fault);
        return fault;
    }

    private static Stream<Method> methods(String name) {
        var methods = FACES.stream()
                .flatMap(face -> Arrays.stream(face.getMethods()))
                .filter(method -> method.getName().equals(name))
                .toList();
        if (methods.isEmpty()) {
            throw new IllegalArgumentException("no system call is named " + name);
        }
        return methods.stream();
    }

    /** What a caller sees of a fault: a call that does not wait answers -1 where it would have to. */
    private static Object answer(Method method, PosixException fault) throws PosixException {
        if (!method.getName().endsWith("NoWait") || !fault.is(Errno.EAGAIN)) {
            throw fault;
        }
        return method.getReturnType() == int.class ? (Object) (-1) : (Object) (-1L);
    }

    private <T> T wrap(Class<T> face, T real) {
        return face.cast(Proxy.newProxyInstance(
                face.getClassLoader(), new Class<?>[] {face}, (proxy, method, arguments) -> {
                    Object[] used = arguments == null ? null : arguments.clone();
                    try {
                        for (Fault fault : faults) {
                            fault.strike(method, used);
                        }
                        return method.invoke(real, used);
                    } catch (PosixException e) {
                        return answer(method, e);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
