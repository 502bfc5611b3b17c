// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.access;

import java.io.IOException;
import java.io.Serializable;
import java.net.InetAddress;
import java.net.Socket;
import java.rmi.server.RMIClientSocketFactory;
import java.rmi.server.RMISocketFactory;

/**
 * The client's side of a connector for this machine only: loopback, whatever name the service gives itself towards
 * others. All are equal, as RMI wants of factories that share a port.
 */
public final class LoopbackSockets implements RMIClientSocketFactory, Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        RMISocketFactory ofProcess = RMISocketFactory.getSocketFactory();
        return ofProcess == null
                ? new Socket(InetAddress.getLoopbackAddress(), port)
                : ofProcess.createSocket(InetAddress.getLoopbackAddress().getHostAddress(), port);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LoopbackSockets;
    }

    @Override
    public int hashCode() {
        return LoopbackSockets.class.hashCode();
    }
}
