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

/** Reads a configuration file, strictly: all of it is understood, or it is not taken. Any thread. */
public final class ConfigurationFile {
    private static final Path INSTALLED = Path.of("/etc/millrace/millrace.yaml");
    private static final Path IN_SOURCES = Path.of("config", "millrace.yaml");
    private static final Path BUILD_DIRECTORY = Path.of("target");

    private ConfigurationFile() {}

    /**
     * What the file says. Names in it that are relative are taken from the directory it lies in.
     *
     * @param checks tells afterwards of the paths that could not be checked, since their mount hangs; they are taken
     * @throws ConfigurationException with everything that is wrong with it
     * @throws io.millrace.lifecycle.UnansweredException where the file itself lies on a mount that hangs
     * @throws IOException where it cannot be read
     */
    public static Configuration read(Posix posix, BytePath path, PathChecks checks) throws IOException {
        var reader = new ConfigurationReader(posix, checks, path);
        return read(checks, path, reader::read);
    }

    /**
     * As {@link #read(Posix, BytePath, PathChecks)}, for a service that runs: what it cannot change before its next start is refused too.
     *
     * @param running what it works by
     */
    public static Configuration readAnew(Posix posix, BytePath path, PathChecks checks, Configuration running)
            throws IOException {
        var reader = new ConfigurationReader(posix, checks, path);
        return read(checks, path, top -> reader.readAnew(top, running));
    }

    /**
     * What the file says of workers, by name, in its order: for those who need nothing else of it. The rest has to be
     * there by its names only, so that it matters neither what it says nor whether its directories exist.
     *
     * @throws ConfigurationException with everything that is wrong with the workers, or with the file as YAML
     * @throws IOException where it cannot be read
     */
    public static Map<String, WorkerSpec> readWorkers(Posix posix, BytePath path) throws IOException {
        var checks = new PathChecks(posix, PathChecks.AT_START);
        var reader = new ConfigurationReader(posix, checks, path);
        return read(checks, path, reader::readWorkers);
    }

    /**
     * What the file says of its {@code runtime-directory}, whatever else is wrong with it, and whether that directory is
     * there or not. Empty where it says nothing of it, or nothing that is a path.
     *
     * @throws IOException where the file cannot be read
     */
    public static Optional<BytePath> readRuntimeDirectory(Posix posix, BytePath path) throws IOException {
        return RuntimeDirectoryKey.read(posix, path);
    }

    /** The runtime directory of a file that says nothing of it. */
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
     * Where the file is when nobody says: {@code /etc/millrace/millrace.yaml}, or, if there is none and this program was
     * built where it runs, {@code config/millrace.yaml} in its source tree.
     */
    public static BytePath defaultPath() {
        return defaultPath(INSTALLED, codeLocation());
    }

    /** {@code code}: the jar, or the directory of the classes. */
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

    /** By the class path of {@code -jar}: a class archive of JDK 25 says of its classes where it was made. */
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
        } catch (URISyntaxException | IllegalArgumentException e) { // not a file
            return Optional.empty();
        }
    }
}
