// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.beans;

import io.millrace.telemetry.Controls;
import io.millrace.telemetry.PoolInfoView;
import java.io.IOException;

/** Implements the MXBean of one pool. */
final class PoolBean extends PoolInfoView implements PoolMXBean {
    private final String name;
    private final PreallocatorBean all;

    PoolBean(String name, Controls controls) {
        super(() -> controls.pools().status(name));
        this.name = name;
        this.all = new PreallocatorBean(controls);
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
