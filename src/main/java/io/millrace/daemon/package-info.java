// SPDX-License-Identifier: Apache-2.0
/**
 * The service as a whole: what it is told to do, and how its parts are put together. The only package that reads the
 * configuration file, and the only one that sees the YAML parser.
 *
 * <p>{@link io.millrace.daemon.Service} opens the parts in order and closes them in reverse: the locked {@code
 * StateDirectory}, the {@code Engine} (workers, pools, scans, sources), and the {@code Faces} of telemetry. It listens
 * for signals, reloads a file as a whole or not at all, and tells systemd how things are ({@code ServiceManager},
 * {@code Watch}, {@code Sentence}). Here too is what only a service has of its own: its log ({@code ServiceLog},
 * {@code LogLines}) and the files with results ({@code Results}). It does no work itself and knows nothing of pages,
 * pipes or clients.
 *
 * <p>It starts no thread: the main thread opens, runs and closes the service; a reload may come from any, one at a
 * time; listeners are called by the threads of the floors below.
 *
 * <p>The way of a file: {@link io.millrace.daemon.config.ConfigurationFile} reads its bytes, {@code SourceText} makes them
 * text, {@code YamlTree} makes that a tree of plain keys and values with places, and {@code ConfigurationReader} gives
 * each part of the configuration to a reader ({@code PoolReader}, {@code SourceReader}, {@code WorkerReader}…) that
 * takes its keys out of a {@code Section}; {@code Home} makes paths absolute. All of them tell one {@code Findings}
 * what is wrong and go on with a default, so that one run shows every problem. Of a reading nothing is kept; any
 * thread may read.
 */
@NullMarked
package io.millrace.daemon;

import org.jspecify.annotations.NullMarked;
