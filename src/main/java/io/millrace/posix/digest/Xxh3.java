// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.digest;

import com.sun.jna.NativeLibrary;
import io.millrace.posix.libc.NativeBuffer;
import java.nio.ByteBuffer;
import java.util.Optional;

/** XXH3 with 64 bits and seed 0, by libxxhash. Any thread. */
final class Xxh3 implements DigestLibrary {
    static final String XXH3 = "XXH3";
    private static final int MAJOR = 10_000;
    private static final int MINOR = 100;

    private final String name;
    private final boolean hasDispatch;

    private Xxh3(String name, boolean hasDispatch) {
        this.name = name;
        this.hasDispatch = hasDispatch;
    }

    static DigestLibrary bind(String name, NativeLibrary library) {
        LibXxhash.bind(library);
        return new Xxh3(name, hasDispatch(library));
    }

    private static boolean hasDispatch(NativeLibrary library) {
        try {
            LibXxhash.Dispatch.bind(library);
            return true;
        } catch (UnsatisfiedLinkError e) {
            return false; // not x86-64, or built without dispatch
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String version() {
        int number = LibXxhash.XXH_versionNumber();
        return "xxHash " + number / MAJOR + "." + number / MINOR % MINOR + "." + number % MINOR;
    }

    @Override
    public String whyNot(String digest) {
        return name + " has no " + digest;
    }

    @Override
    public boolean offers(String digest) {
        return digest.equals(XXH3);
    }

    @Override
    public Optional<NativeDigest> start(String digest) {
        return offers(digest) ? Optional.of(new State(hasDispatch)) : Optional.empty();
    }

    private static final class State implements NativeDigest {
        private final boolean hasDispatch;
        private long state = LibXxhash.XXH3_createState();

        State(boolean hasDispatch) {
            this.hasDispatch = hasDispatch;
            if (state == 0) {
                throw new OutOfMemoryError("XXH3_createState");
            }
            restart();
        }

        private void restart() {
            check("XXH3_64bits_reset", LibXxhash.XXH3_64bits_reset(state));
        }

        private static void check(String function, int result) {
            if (result != 0) {
                throw new IllegalStateException(function + " failed in libxxhash");
            }
        }

        private void checkOpen() {
            if (state == 0) {
                throw new IllegalStateException("the digest is closed");
            }
        }

        private static byte[] bytes(long value) {
            return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
        }

        @Override
        public void update(NativeBuffer buffer, int offsetBytes, int lengthBytes) {
            checkOpen();
            long data = buffer.addressAt(offsetBytes, lengthBytes);
            check(
                    "XXH3_64bits_update",
                    hasDispatch
                            ? LibXxhash.Dispatch.XXH3_64bits_update_dispatch(state, data, lengthBytes)
                            : LibXxhash.XXH3_64bits_update(state, data, lengthBytes));
        }

        @Override
        public byte[] finish() {
            checkOpen();
            byte[] value = bytes(LibXxhash.XXH3_64bits_digest(state));
            restart();
            return value;
        }

        @Override
        public byte[] of(NativeBuffer buffer, int offsetBytes, int lengthBytes) {
            checkOpen();
            long data = buffer.addressAt(offsetBytes, lengthBytes);
            return bytes(
                    hasDispatch
                            ? LibXxhash.Dispatch.XXH3_64bits_dispatch(data, lengthBytes)
                            : LibXxhash.XXH3_64bits(data, lengthBytes));
        }

        @Override
        public boolean isFasterThanReading() {
            return true;
        }

        @Override
        public void close() {
            if (state != 0) {
                check("XXH3_freeState", LibXxhash.XXH3_freeState(state));
                state = 0;
            }
        }
    }
}
