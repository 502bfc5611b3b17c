// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.digest;

import com.sun.jna.NativeLibrary;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Digests of libcrypto. Tests which ones are available by computing each once. Any thread. */
final class OpenSsl implements DigestLibrary {
    private final String name;
    private final String version;
    private final boolean hasFetch;

    /** The EVP_MD of each name, 0 if it is refused. They live as long as the process. */
    private final Map<String, Long> types = new ConcurrentHashMap<>();

    private OpenSsl(String name, boolean hasFetch) {
        this.name = name;
        this.hasFetch = hasFetch;
        this.version = LibCrypto.OpenSSL_version(LibCrypto.OPENSSL_VERSION);
    }

    static DigestLibrary bind(String name, NativeLibrary library) {
        LibCrypto.bind(library);
        boolean fetches = true;
        try {
            LibCrypto.Since3.bind(library);
        } catch (UnsatisfiedLinkError e) {
            fetches = false; // 1.1.1, whose EVP_MDs need no fetch
        }
        if (LibCrypto.OPENSSL_init_crypto(LibCrypto.OPENSSL_INIT_NO_ATEXIT, 0) != 1) {
            throw new UnsatisfiedLinkError(name + ": OPENSSL_init_crypto failed");
        }
        return new OpenSsl(name, fetches);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public String whyNot(String digest) {
        return name + " (" + version + ") has no " + digest;
    }

    @Override
    public boolean offers(String digest) {
        return type(digest) != 0;
    }

    @Override
    public Optional<NativeDigest> start(String digest) {
        long type = type(digest);
        return type == 0 ? Optional.empty() : Optional.of(new EvpDigest(digest, type));
    }

    private long type(String digest) {
        return types.computeIfAbsent(digest, this::find);
    }

    /** Before 3.0, FIPS mode refuses a digest only when it is used. */
    private long find(String digest) {
        byte[] text = (digest + "\0").getBytes(StandardCharsets.US_ASCII);
        long type = hasFetch ? LibCrypto.Since3.EVP_MD_fetch(0, text, 0) : LibCrypto.EVP_get_digestbyname(text);
        if (type != 0) {
            try (var tried = new EvpDigest(digest, type)) {
                byte[] unused = tried.finish();
                return type;
            } catch (IllegalStateException e) {
                type = 0;
            }
        }
        LibCrypto.ERR_clear_error();
        return type;
    }
}
