// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.beans;

import io.millrace.telemetry.PoolInfoView;
import io.millrace.telemetry.ServiceParts;
import java.io.IOException;

/** Implements the MXBean of one pool. */
final class PoolBean extends PoolInfoView implements PoolMXBean {
    private final String name;
    private final PreallocatorBean all;

    PoolBean(String name, ServiceParts parts) {
        super(() -> parts.pools().status(name));
        this.name = name;
        this.all = new PreallocatorBean(parts);
    }

    @Override
    public String claim(String destination) throws IOException {
        return all.claim(name, destination);
    }

    @Override
    public String refill() {
        return all.refill(name);
    }

    @Override
    public String resize(int ready) {
        return all.resize(name, ready);
    }
}
