// SPDX-License-Identifier: Apache-2.0
/**
 * The configuration file: from YAML to a checked, immutable {@link io.millrace.daemon.config.Configuration}.
 *
 * <p>Open {@link io.millrace.daemon.config.ConfigurationFile} first. {@code SourceText} reads and decodes the file,
 * {@code YamlTree} builds a tree of keys and values with their locations, and {@code ConfigurationReader} gives each
 * section to its own reader ({@code PoolReader}, {@code SourceReader}, {@code WorkerReader}…), which takes its keys
 * from a {@code Section}. {@code ConfigurationPaths} makes paths absolute. All readers add problems to one
 * {@code Problems} and continue with a default, so that one pass reports every problem with file, line and key.
 *
 * <p>The only package that uses the YAML parser. It keeps no state between readings; one thread reads one file.
 */
@NullMarked
package io.millrace.daemon.config;

import org.jspecify.annotations.NullMarked;
