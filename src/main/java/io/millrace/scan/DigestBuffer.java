// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.catalog.record.BlockSums;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.PosixException;
import io.millrace.scan.digest.Digest;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.scan.digest.DigestChoice;
import io.millrace.scan.observe.BlockSummer;
import io.millrace.scan.observe.FileObserver;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One scanning thread's reusable state: a read buffer, and the digests of the file that the thread owns. The thread
 * that created it uses and closes it.
 */
final class DigestBuffer implements AutoCloseable {
    private final NativeBuffer buffer;
    private final Map<DigestAlgorithm, Digest> all = new EnumMap<>(DigestAlgorithm.class);

    /** The digests of the current file. */
    private Map<DigestAlgorithm, Digest> chosen = all;

    private List<Digest> digests;

    /** Null unless the scan observes. */
    private final @Nullable FileObserver observer;

    /** Whether the CRC-32C of the whole file is made of those of its blocks. */
    private final boolean combines;

    private BlockSummer.@Nullable Summed summed;

    /** Takes ownership of the observer. */
    DigestBuffer(int bufferBytes, Set<DigestAlgorithm> algorithms, @Nullable FileObserver observer) {
        this.observer = observer;
        combines = observer != null && algorithms.contains(DigestAlgorithm.CRC32C);
        buffer = NativeBuffer.allocate(bufferBytes);
        for (DigestAlgorithm algorithm : algorithms) {
            if (algorithm != DigestAlgorithm.CRC32C || observer == null) {
                all.put(algorithm, algorithm.start());
            }
        }
        digests = listed(all);
    }

    private List<Digest> listed(Map<DigestAlgorithm, Digest> which) {
        if (observer == null) {
            return List.copyOf(which.values());
        }
        var list = new ArrayList<>(which.values());
        list.add(observer.summer());
        return List.copyOf(list);
    }

    @Nullable FileObserver observer() {
        return observer;
    }

    /** The digests of the current file that are no sums of its blocks. */
    Map<DigestAlgorithm, Digest> byAlgorithm() {
        return chosen;
    }

    /** The sums of the blocks of the last file, after {@link #finish} or {@link #digest}. */
    BlockSummer.Summed summed() {
        return Objects.requireNonNull(summed);
    }

    /** Adds the CRC-32C of a file whose blocks were summed elsewhere. */
    void combine(BlockSums blocks, Map<DigestAlgorithm, byte[]> values) {
        OptionalInt whole = combines ? blocks.wholeFile() : OptionalInt.empty();
        if (whole.isPresent()) {
            values.put(
                    DigestAlgorithm.CRC32C,
                    ByteBuffer.allocate(Integer.BYTES).putInt(whole.getAsInt()).array());
        }
    }

    private Map<DigestAlgorithm, byte[]> withSums(Map<DigestAlgorithm, byte[]> values) {
        if (observer != null) {
            BlockSummer.Summed sums = observer.summer().take();
            summed = sums;
            if (combines) {
                values.put(DigestAlgorithm.CRC32C, sums.wholeFile());
            }
        }
        return values;
    }

    /** Selects the digests for the next file. */
    void choose(Set<DigestAlgorithm> wanted) {
        if (wanted == DigestChoice.EVERY || wanted.containsAll(all.keySet())) {
            use(all);
        } else {
            var some = new EnumMap<>(all);
            some.keySet().retainAll(wanted);
            use(some);
        }
    }

    private void use(Map<DigestAlgorithm, Digest> which) {
        if (which != chosen) { // rare
            chosen = which;
            digests = listed(which);
        }
    }

    NativeBuffer buffer() {
        return buffer;
    }

    List<Digest> digests() {
        return digests;
    }

    /** Returns the digest values and resets the digests for the next file. */
    Map<DigestAlgorithm, byte[]> finish() {
        var values = new EnumMap<DigestAlgorithm, byte[]>(DigestAlgorithm.class);
        for (Map.Entry<DigestAlgorithm, Digest> each : chosen.entrySet()) {
            values.put(each.getKey(), each.getValue().finish());
        }
        return withSums(values);
    }

    /**
     * Returns the digest values over the first {@code lengthBytes} of the buffer, which are a whole file, and resets
     * the digests.
     */
    Map<DigestAlgorithm, byte[]> digest(int lengthBytes) {
        var values = new EnumMap<DigestAlgorithm, byte[]>(DigestAlgorithm.class);
        for (Map.Entry<DigestAlgorithm, Digest> each : chosen.entrySet()) {
            values.put(each.getKey(), each.getValue().of(buffer, 0, lengthBytes));
        }
        if (observer != null) {
            observer.summer().update(buffer, 0, lengthBytes);
        }
        return withSums(values);
    }

    @Override
    public void close() throws PosixException {
        all.values().forEach(Digest::close);
        buffer.close();
        if (observer != null) {
            observer.close();
        }
    }
}
