// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import io.millrace.posix.BytePath;
import io.millrace.posix.Posix;
import io.millrace.prealloc.AllocationRequest;
import io.millrace.prealloc.Fill;
import io.millrace.prealloc.NamePattern;
import io.millrace.prealloc.PoolSpec;
import io.millrace.prealloc.Reserve;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** Reads {@code pools}. */
final class PoolReader {
    private static final Kind<Long> FILE_SIZE = Kind.sizeWithin(1, Long.MAX_VALUE, "1 to 8 EiB - 1");
    private static final Kind<Integer> READY = Kind.within(0, PoolSpec.MOST_READY);
    private static final Kind<Fill> FILL = Kind.oneOf(Fill.class);

    private static final Pattern OCTAL = Pattern.compile("0?[0-7]{3}");

    private static final Kind<Integer> PERMISSIONS = scalar -> {
        if (!OCTAL.matcher(scalar.text()).matches()) {
            throw new IllegalArgumentException(
                    Kind.quoted(scalar) + " is not within \"0000\" to \"0777\", octal and in quotes");
        }
        if (scalar.plain()) {
            throw new IllegalArgumentException("write \"" + scalar.text()
                    + "\", in quotes: without them some read it as an octal number, and some as a decimal one");
        }
        return Integer.parseInt(scalar.text(), 8);
    };

    /** Of the reserve, here and at the top. */
    static final Kind<Reserve> RESERVE = scalar -> {
        if (scalar.text().endsWith("%")) {
            return new Reserve(0, Kind.PERCENT.read(scalar));
        }
        try {
            return new Reserve(Kind.SIZE.read(scalar).bytes(), 0);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    Kind.quoted(scalar) + " is not a reserve; write 10GiB, or 0% to 100%", e);
        }
    };

    /** Instead of what was refused or is missing. */
    private static final BytePath NO_DIRECTORY = BytePath.of("/");

    private final Home home;
    private final Accounts accounts;
    private final PoolOverlap overlap;

    /** {@code overlap}: with the directories that are none of the pools'. */
    PoolReader(Posix posix, Home home, PoolOverlap overlap) {
        this.home = home;
        this.accounts = new Accounts(posix);
        this.overlap = overlap;
    }

    /** By name, in the order of the file; {@code reserve} for those that say nothing of it. */
    Map<String, PoolSpec> read(Section pools, Reserve reserve) {
        Map<String, PoolSpec> specs = new LinkedHashMap<>();
        for (String key : pools.names()) {
            var directory = Kind.of(home::directory).map(path -> overlap.checked(key, path));
            specs.put(key, pool(ShortName.checked(pools, key), pools.section(key), directory, reserve));
        }
        return specs;
    }

    private PoolSpec pool(String name, Section keys, Kind<BytePath> directory, Reserve reserve) {
        keys.require("directory");
        keys.require("file-size");
        keys.require("ready");
        var spec = new PoolSpec(
                name,
                keys.value("directory", directory).orElse(NO_DIRECTORY),
                keys.value("file-size", FILE_SIZE).orElse(1L),
                keys.value("ready", READY).orElse(0),
                keys.value("name", Kind.of(NamePattern::new)).orElseGet(() -> new NamePattern(name + "-%016x")),
                keys.value("fill", FILL).orElse(Fill.RESERVE),
                keys.value("mode", PERMISSIONS).orElse(AllocationRequest.DEFAULT_PERMISSIONS),
                keys.value("owner", Kind.of(accounts::user)).orElse(OptionalInt.empty()),
                keys.value("group", Kind.of(accounts::group)).orElse(OptionalInt.empty()),
                keys.value("reserve", RESERVE).orElse(reserve));
        keys.refuseOthers();
        return spec;
    }
}
