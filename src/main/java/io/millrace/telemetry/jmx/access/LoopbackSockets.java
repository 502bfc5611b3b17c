// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.access;

import java.io.IOException;
import java.io.Serializable;
import java.net.InetAddress;
import java.net.Socket;
import java.rmi.server.RMIClientSocketFactory;
import java.rmi.server.RMISocketFactory;

/**
 * The client sockets of a connector for this machine only: they connect to loopback, whatever host name the stub
 * contains. All instances are equal, as RMI requires of factories that share a port. Any thread.
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
