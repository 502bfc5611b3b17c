// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import java.util.List;

/**
 * The HTTP face.
 *
 * @param hosts names by which it may be asked for beside its own address and localhost, without a port
 */
public record HttpOptions(Listen listen, List<String> hosts) {}
