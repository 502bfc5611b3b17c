// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog.exchange;

import java.io.IOException;

/** An export that is not one, or not whole: {@code NAME:LINE: why}. */
public final class ExchangeException extends IOException {
    private static final long serialVersionUID = 1L;

    ExchangeException(String name, long line, String why) {
        super(name + ":" + line + ": " + why);
    }
}
