// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.config;

import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.worker.WorkerSpec;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reads a configuration file strictly: a file with any error is rejected as a whole. Any thread. */
public final class ConfigurationFile {
    private static final Path INSTALLED = Path.of("/etc/millrace/millrace.yaml");
    private static final Path IN_SOURCES = Path.of("config", "millrace.yaml");
    private static final Path BUILD_DIRECTORY = Path.of("target");

    private ConfigurationFile() {}

    /**
     * Reads the whole file. Relative names in it are resolved against the directory of the file.
     *
     * @param checks reports afterwards the paths that could not be checked because their mount hangs; such paths are
     *     accepted
     * @throws ConfigurationException with every problem of the file
     * @throws io.millrace.lifecycle.UnansweredException if the file itself lies on a mount that hangs
     * @throws IOException if the file cannot be read
     */
    public static Configuration read(Posix posix, BytePath path, PathChecks checks) throws IOException {
        var reader = new ConfigurationReader(posix, checks, path);
        return read(checks, path, reader::read);
    }

    /**
     * Reads the file like {@link #read(Posix, BytePath, PathChecks)} for a running service: changes that need a restart
     * are rejected too.
     *
     * @param running the configuration that is in effect
     */
    public static Configuration readAnew(Posix posix, BytePath path, PathChecks checks, Configuration running)
            throws IOException {
        var reader = new ConfigurationReader(posix, checks, path);
        return read(checks, path, top -> reader.readAnew(top, running));
    }

    /**
     * Reads only the workers, by name, in the order of the file. Other top-level keys must be known, but their values
     * and the existence of their directories do not matter.
     *
     * @throws ConfigurationException with every problem of the workers, or of the file as YAML
     * @throws IOException if the file cannot be read
     */
    public static Map<String, WorkerSpec> readWorkers(Posix posix, BytePath path) throws IOException {
        var checks = new PathChecks(posix, PathChecks.AT_START);
        var reader = new ConfigurationReader(posix, checks, path);
        return read(checks, path, reader::readWorkers);
    }

    /**
     * Reads only {@code runtime-directory}, whether or not the directory exists and whatever else is wrong with the
     * file. Returns empty if the key is missing or its value is not a path.
     *
     * @throws IOException if the file cannot be read
     */
    public static Optional<BytePath> readRuntimeDirectory(Posix posix, BytePath path) throws IOException {
        return RuntimeDirectoryKey.read(posix, path);
    }

    /** Returns the runtime directory of a file without that key. */
    public static BytePath defaultRuntimeDirectory() {
        return ConfigurationReader.RUNTIME_DIRECTORY;
    }

    private static <T> T read(PathChecks checks, BytePath path, Function<Section, T> reader) throws IOException {
        var findings = new Problems(path);
        var read = SourceText.decode(checks.content(path), findings)
                .flatMap(text -> YamlTree.parse(text, findings))
                .map(root -> reader.apply(Section.top(root, findings)));
        if (read.isEmpty() || !findings.isEmpty()) {
            throw findings.toException();
        }
        return read.get();
    }

    /**
     * Returns the default path of the file: {@code /etc/millrace/millrace.yaml}, or, if that does not exist and the
     * program runs from its build tree, {@code config/millrace.yaml} in the source tree.
     */
    public static BytePath defaultPath() {
        return defaultPath(INSTALLED, codeLocation());
    }

    /** @param code the jar or the directory of the classes */
    static BytePath defaultPath(Path installed, Optional<Path> code) {
        Path chosen = Files.exists(installed)
                ? installed
                : code.flatMap(ConfigurationFile::sourceTree)
                        .map(tree -> tree.resolve(IN_SOURCES))
                        .filter(Files::exists)
                        .orElse(installed);
        return BytePath.of(chosen.toString());
    }

    private static Optional<Path> sourceTree(Path code) {
        Path at = code.toAbsolutePath().normalize();
        while (at != null && !at.endsWith(BUILD_DIRECTORY)) {
            at = at.getParent();
        }
        return Optional.ofNullable(at).map(Path::getParent);
    }

    /**
     * Takes the location from the class path of {@code -jar}: with a class archive of JDK 25 a class reports the
     * location at which the archive was created.
     */
    private static Optional<Path> codeLocation() {
        String jar = System.getProperty("java.class.path", "");
        if (jar.endsWith(".jar") && !jar.contains(File.pathSeparator)) {
            return Optional.of(Path.of(jar));
        }
        var source = ConfigurationFile.class.getProtectionDomain().getCodeSource();
        try {
            return source == null
                    ? Optional.empty()
                    : Optional.of(Path.of(source.getLocation().toURI()));
        } catch (URISyntaxException | IllegalArgumentException e) { // the location is not a file
            return Optional.empty();
        }
    }
}
