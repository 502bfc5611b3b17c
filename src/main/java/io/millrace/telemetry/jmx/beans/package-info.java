// SPDX-License-Identifier: Apache-2.0
/**
 * The MXBeans of the domain {@code io.millrace}, and their registration as pools, scans, sources and workers are added
 * and removed.
 *
 * <p>Open {@link io.millrace.telemetry.jmx.beans.MBeanRegistrar} first. An MXBean checks the names, paths and numbers
 * of a request and calls the control interface of the part concerned; it makes no other decisions. Any thread.
 */
@NullMarked
package io.millrace.telemetry.jmx.beans;

import org.jspecify.annotations.NullMarked;
