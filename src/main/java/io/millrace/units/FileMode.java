// SPDX-License-Identifier: Apache-2.0
package io.millrace.units;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The permissions of a file with their octal form, {@code 0640}. Immutable.
 *
 * @param permissions 0 to 0777
 */
public record FileMode(int permissions) {
    private static final Pattern FORM = Pattern.compile("[0-7]{3,4}");
    private static final int ALL = 0777;
    private static final int OCTAL = 8;

    public FileMode {
        check(permissions);
    }

    /** Throws an {@link IllegalArgumentException} outside 0 to 0777. */
    public static void check(int permissions) {
        if ((permissions & ~ALL) != 0) {
            throw new IllegalArgumentException("permissions are 0 to 0777, not 0" + Integer.toOctalString(permissions));
        }
    }

    /** Throws an {@link IllegalArgumentException} whose message says what is wrong with the text. */
    public static FileMode parse(String text) {
        int permissions = FORM.matcher(text.strip()).matches() ? Integer.parseInt(text.strip(), OCTAL) : -1;
        if (permissions < 0 || permissions > ALL) {
            throw new IllegalArgumentException("'" + text + "' is not a mode from 0000 to 0777, octal");
        }
        return new FileMode(permissions);
    }

    /** Formats the permissions of a status, which may include the set-user-ID, set-group-ID and sticky bits. */
    public static String format(int permissions) {
        return String.format(Locale.ROOT, "%04o", permissions);
    }

    @Override
    public String toString() {
        return format(permissions);
    }
}
