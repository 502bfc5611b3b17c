// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.config;

import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.prealloc.AllocationRequest;
import io.millrace.prealloc.FillMode;
import io.millrace.prealloc.Reserve;
import io.millrace.prealloc.pool.NamePattern;
import io.millrace.prealloc.pool.PoolSpec;
import io.millrace.units.FileMode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/** Reads {@code pools}. */
final class PoolReader {
    private static final ValueParser<Long> FILE_SIZE = ValueParser.sizeWithin(1, Long.MAX_VALUE, "1 to 8 EiB - 1");
    private static final ValueParser<Integer> READY = ValueParser.within(0, PoolSpec.MAX_READY);
    private static final ValueParser<FillMode> FILL = ValueParser.oneOf(FillMode.class);

    private static final ValueParser<FileMode> MODE = scalar -> {
        FileMode mode = ValueParser.of(FileMode::parse).read(scalar);
        if (scalar.plain()) {
            throw new IllegalArgumentException("write \"" + scalar.text()
                    + "\", in quotes: without them some read it as an octal number, and some as a decimal one");
        }
        return mode;
    };

    /** The reserve of a pool, and that of the top level. */
    static final ValueParser<Reserve> RESERVE = ValueParser.of(Reserve::parse);

    /** Replaces a directory that was refused or is missing. */
    private static final BytePath NO_DIRECTORY = BytePath.of("/");

    private final ConfigurationPaths home;
    private final Accounts accounts;
    private final PoolOverlap overlap;

    /** @param overlap already contains the directories that do not belong to pools */
    PoolReader(Posix posix, ConfigurationPaths home, PoolOverlap overlap) {
        this.home = home;
        this.accounts = new Accounts(posix);
        this.overlap = overlap;
    }

    /** Returns the pools by name, in the order of the file; {@code reserve} is the default of their reserve. */
    Map<String, PoolSpec> read(Section pools, Reserve reserve) {
        Map<String, PoolSpec> specs = new LinkedHashMap<>();
        for (String key : pools.names()) {
            var directory = ValueParser.of(home::directory).map(path -> overlap.checked(key, path));
            specs.put(key, pool(ShortName.checked(pools, key), pools.section(key), directory, reserve));
        }
        return specs;
    }

    private PoolSpec pool(String name, Section keys, ValueParser<BytePath> directory, Reserve reserve) {
        keys.require("directory");
        keys.require("file-size");
        keys.require("ready");
        var spec = new PoolSpec(
                name,
                keys.value("directory", directory).orElse(NO_DIRECTORY),
                keys.value("file-size", FILE_SIZE).orElse(1L),
                keys.value("ready", READY).orElse(0),
                keys.value("name", ValueParser.of(NamePattern::new)).orElseGet(() -> new NamePattern(name + "-%016x")),
                keys.value("fill", FILL).orElse(FillMode.RESERVE),
                keys.value("mode", MODE).map(FileMode::permissions).orElse(AllocationRequest.DEFAULT_PERMISSIONS),
                keys.value("owner", ValueParser.of(accounts::user)).orElse(OptionalInt.empty()),
                keys.value("group", ValueParser.of(accounts::group)).orElse(OptionalInt.empty()),
                keys.value("reserve", RESERVE).orElse(reserve));
        keys.refuseOthers();
        return spec;
    }
}
