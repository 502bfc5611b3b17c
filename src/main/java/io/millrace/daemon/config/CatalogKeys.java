// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.config;

import io.millrace.catalog.CatalogPlace;
import io.millrace.posix.libc.BytePath;
import io.millrace.scan.schedule.SourceSpec;
import java.util.Collection;
import java.util.Optional;

/** Reads {@code catalog}. */
final class CatalogKeys {
    private final ConfigurationPaths home;

    CatalogKeys(ConfigurationPaths home) {
        this.home = home;
    }

    /** Returns where the catalog lies; empty if the file neither has the section nor a source that needs one. */
    Optional<CatalogPlace> read(Section top, BytePath stateDirectory, Collection<SourceSpec> sources) {
        boolean isWanted = top.has("catalog")
                || sources.stream().anyMatch(source -> source.what().recording().isAny());
        Section keys = top.section("catalog");
        var directory = ValueParser.of(home::directory);
        BytePath at = keys.value("directory", directory).orElse(stateDirectory);
        Optional<BytePath> backups = keys.value("backups", directory);
        if (backups.filter(at::equals).isPresent()) {
            keys.refuse("backups", "is the directory of the catalog itself");
        }
        keys.refuseOthers();
        return isWanted ? Optional.of(new CatalogPlace(at, backups)) : Optional.empty();
    }
}
