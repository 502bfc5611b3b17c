// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.access;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * An accepted connection with TLS. The handshake, which requires a client certificate, runs on the thread that reads
 * first. Requests are counted above TLS, because TLS may send bytes of its own at any time; the JDK bounds the memory
 * of TLS itself (a record, a handshake message).
 */
final class TlsSocket extends Socket {
    private final AcceptedSocket accepted;
    private final SSLSocket tls;

    TlsSocket(AcceptedSocket accepted, SSLContext context) throws IOException {
        this.accepted = accepted;
        this.tls = (SSLSocket) context.getSocketFactory().createSocket(accepted, null, true);
        tls.setUseClientMode(false);
        tls.setNeedClientAuth(true);
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return accepted.requests(tls.getInputStream());
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return accepted.answers(tls.getOutputStream());
    }

    @Override
    public InetAddress getInetAddress() {
        return accepted.getInetAddress();
    }

    @Override
    public int getPort() {
        return accepted.getPort();
    }

    @Override
    public int getLocalPort() {
        return accepted.getLocalPort();
    }

    @Override
    public void setTcpNoDelay(boolean on) throws SocketException {
        accepted.setTcpNoDelay(on);
    }

    @Override
    public synchronized void setSoTimeout(int millis) throws SocketException {
        accepted.setSoTimeout(millis);
    }

    @Override
    public boolean isClosed() {
        return accepted.isClosed();
    }

    @Override
    public void close() throws IOException {
        tls.close();
    }
}
