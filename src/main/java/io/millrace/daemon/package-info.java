// SPDX-License-Identifier: Apache-2.0
/**
 * The service as a whole: what it is told to do, and how its parts are put together. The only package that reads the
 * configuration file, and the only one that sees the YAML parser.
 *
 * <p>The way of a file: {@link io.millrace.daemon.ConfigurationFile} reads its bytes, {@code SourceText} makes them text,
 * {@code YamlTree} makes that a tree of plain keys and values with places, and {@code ConfigurationReader} gives each part
 * of the configuration to a reader ({@code PoolReader}, {@code SourceReader}, {@code WorkerReader}…) that takes its keys
 * out of a {@code Section}; {@code Home} makes paths absolute. All of them tell one {@code Findings} what
 * is wrong and go on with a default, so that one run shows every problem. Nothing here is kept between two readings; any
 * thread may read.
 */
@NullMarked
package io.millrace.daemon;

import org.jspecify.annotations.NullMarked;
