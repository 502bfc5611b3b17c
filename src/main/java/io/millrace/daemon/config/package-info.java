// SPDX-License-Identifier: Apache-2.0
/**
 * The configuration file: from YAML to a checked, immutable {@link io.millrace.daemon.config.Configuration}.
 *
 * <p>Open {@link io.millrace.daemon.config.ConfigurationFile} first. Every mistake is found in one pass and told with file, line and
 * key. The only package with the YAML parser. One thread.
 */
@NullMarked
package io.millrace.daemon.config;

import org.jspecify.annotations.NullMarked;
