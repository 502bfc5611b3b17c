// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.access;

import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Loads certificates from files. Stateless; any thread. */
public final class TlsKeys {
    private TlsKeys() {}

    /** @throws IOException one line that names the file */
    public static SSLContext context(Posix posix, JmxOptions.Tls tls) throws IOException {
        char[] password = SecretFile.read(posix, tls.passwordFile()).strip().toCharArray();
        try {
            var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store(tls.keyStore(), SecretFile.readKeys(posix, tls.keyStore()), password), password);
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store(tls.trustStore(), SecretFile.readCertificates(posix, tls.trustStore()), password));
            var context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(tls.keyStore() + ", " + tls.trustStore() + ": " + e.getMessage(), e);
        }
    }

    private static KeyStore store(BytePath path, byte[] content, char[] password)
            throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance("PKCS12");
        try {
            store.load(new ByteArrayInputStream(content), password);
            return store;
        } catch (IOException e) {
            throw new IOException(path + ": " + e.getMessage(), e);
        }
    }
}
