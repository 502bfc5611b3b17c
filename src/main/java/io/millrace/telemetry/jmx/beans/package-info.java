// SPDX-License-Identifier: Apache-2.0
/**
 * The MXBeans of the domain {@code io.millrace}, and their registration as pools, scans, sources and workers come and go.
 *
 * <p>Open {@link io.millrace.telemetry.jmx.beans.MBeanRegistrar} first. A bean checks names, paths and numbers of a request and calls
 * the control of the part below; it decides nothing else. Any thread.
 */
@NullMarked
package io.millrace.telemetry.jmx.beans;

import org.jspecify.annotations.NullMarked;
