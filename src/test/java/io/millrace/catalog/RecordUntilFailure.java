// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog;

import io.millrace.posix.libc.BytePath;
import io.millrace.posix.linux.LinuxPosix;
import java.io.IOException;
import java.util.Optional;

/**
 * Records files and says so, batch by batch: {@code recorded N} stands for all up to N. Stops at the first failure and tries
 * once more. Arguments: the catalog's directory, the number to begin with.
 */
final class RecordUntilFailure {
    static final int BATCH = 50;

    private RecordUntilFailure() {}

    public static void main(String[] args) throws IOException {
        int next = Integer.parseInt(args[1]);
        var place = new CatalogPlace(BytePath.of(args[0]), Optional.empty());
        try (Catalog catalog = Catalog.open(LinuxPosix.create(), place, CatalogListener.NONE)) {
            say("opened");
            while (true) {
                record(catalog, next);
                next += BATCH;
                say("recorded " + (next - 1));
            }
        } catch (CatalogException e) {
            say("failed: " + e.getMessage());
        }
    }

    static void record(Catalog catalog, int from) throws CatalogException {
        try (WriteBatch batch = catalog.begin()) {
            for (int i = from; i < from + BATCH; i++) {
                batch.put(BytePath.of("/d/" + i), Records.small(i));
            }
            batch.commit();
        } catch (CatalogException first) {
            try (WriteBatch again = catalog.begin()) {
                again.put(BytePath.of("/d/again"), Records.small(1));
                again.commit();
                say("recorded again");
            } catch (CatalogException second) {
                say("then: " + second.getMessage());
            }
            throw first;
        }
    }

    @SuppressWarnings("SystemOut") // its parent reads it
    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
