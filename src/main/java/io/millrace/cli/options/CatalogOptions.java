// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.options;

import io.millrace.catalog.CatalogPlace;
import io.millrace.cli.command.Argument;
import io.millrace.cli.command.RawEnvironment;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.ParameterException;

/**
 * The option that says where the catalog lies. Default: {@code MILLRACE_CATALOG}; else the directory of the service for root,
 * and for others one of their own, by the XDG Base Directory Specification.
 */
public final class CatalogOptions {
    private static final String OF_SERVICE = "/var/lib/millrace";
    private static final String NAME = "millrace";
    private static final int PERMISSIONS = 0700;
    private static final int ROOT = 0;

    private final Argument<BytePath> directory = Argument.option(
            "--catalog",
            "DIRECTORY",
            BytePath.class,
            "Where the catalog lies. Default: $MILLRACE_CATALOG; else /var/lib/millrace for root, and for others"
                    + " $XDG_STATE_HOME/millrace or ~/.local/state/millrace.");

    public Argument<?> argument() {
        return directory;
    }

    /** Whether the command line names a catalog. */
    public boolean isGiven() {
        return directory.isGiven();
    }

    /**
     * Returns where the catalog is, whether it exists or not; creates nothing.
     *
     * @throws ParameterException if nothing says where
     */
    public CatalogPlace place(Posix posix) throws IOException {
        Optional<BytePath> named = named();
        return at(named.isPresent() ? named.get() : usual(posix));
    }

    /**
     * Returns where the catalog is, for a command that may create it: creates the default directory, with mode 0700, where it is
     * missing. A directory that the option or the variable names has to exist.
     *
     * @throws ParameterException if nothing says where
     */
    public CatalogPlace placeToCreate(Posix posix) throws IOException {
        Optional<BytePath> named = named();
        if (named.isPresent()) {
            return at(named.get());
        }
        BytePath usual = usual(posix);
        create(posix, usual);
        return at(usual);
    }

    private static CatalogPlace at(BytePath directory) {
        return new CatalogPlace(directory, Optional.empty());
    }

    private Optional<BytePath> named() throws IOException {
        BytePath given = directory.orNull();
        return given != null ? Optional.of(given) : variable("MILLRACE_CATALOG");
    }

    private BytePath usual(Posix posix) throws IOException {
        if (posix.process().effectiveUser() == ROOT) {
            return BytePath.of(OF_SERVICE);
        }
        // A relative path is to be ignored, says the specification.
        Optional<BytePath> state = variable("XDG_STATE_HOME").filter(CatalogOptions::isAbsolute);
        if (state.isPresent()) {
            return state.get().resolve(bytes(NAME));
        }
        return variable("HOME")
                .filter(CatalogOptions::isAbsolute)
                .orElseThrow(() -> directory.refused("--catalog: give a DIRECTORY, since HOME is not set"))
                .resolve(bytes(".local/state/" + NAME));
    }

    private static Optional<BytePath> variable(String name) throws IOException {
        return RawEnvironment.get(name).map(BytePath::of);
    }

    private static boolean isAbsolute(BytePath path) {
        return path.toBytes()[0] == '/';
    }

    private static byte[] bytes(String name) {
        return name.getBytes(StandardCharsets.US_ASCII);
    }

    /** Creates a directory and the missing ones above it, durably. */
    private static void create(Posix posix, BytePath directory) throws IOException {
        Deque<BytePath> missing = new ArrayDeque<>();
        for (BytePath above = directory; !posix.files().exists(above); above = above.parent()) {
            missing.push(above);
        }
        for (BytePath next : missing) {
            try {
                posix.files().makeDirectory(next, PERMISSIONS);
            } catch (PosixException e) {
                if (!e.is(Errno.EEXIST)) {
                    throw e;
                }
            }
            try (OwnedFd parent = posix.files().open(next.parent(), Set.of(OpenFlag.READ_ONLY, OpenFlag.DIRECTORY))) {
                posix.files().fsync(parent);
            }
        }
    }
}
