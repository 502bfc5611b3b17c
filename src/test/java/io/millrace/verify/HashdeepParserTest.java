// SPDX-License-Identifier: Apache-2.0
package io.millrace.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rows of hashdeep, and what is none. */
class HashdeepParserTest {
    private static final String MD5 = "d41d8cd98f00b204e9800998ecf8427e";
    private static final String HEADER = "%%%% HASHDEEP-1.0\n%%%% size,md5,filename\n## Invoked from: /\n## \n";

    /** {@code LINE: SIZE DIGESTS [NAME]}, and {@code LINE: why} of malformed lines. */
    private static List<String> said(String text) throws ManifestException {
        var parser = new HashdeepParser("M");
        var said = new ArrayList<String>();
        LineSink sink = (line, number) -> said.add(number + ": " + line.sizeBytes() + " "
                + line.digests().keySet() + " [" + new String(line.name(), StandardCharsets.UTF_8) + "]");
        int number = 0;
        try {
            for (String line : text.split("\n", -1)) {
                number++;
                try {
                    parser.parse(line.getBytes(StandardCharsets.UTF_8), number, sink);
                } catch (MalformedLineException e) {
                    said.add(number + ": " + e.why());
                }
            }
            parser.end(sink);
        } catch (MalformedLineException e) {
            throw new AssertionError(e);
        }
        return said;
    }

    @Test
    void readsNamesAsTheyAre() throws Exception {
        assertThat(said(HEADER + "0," + MD5 + ",/a,b \n7," + MD5 + ",c\r\n"))
                .containsExactly("5: 0 [MD5] [/a,b ]", "6: 7 [MD5] [c\r]");
    }

    @Test
    void returnsAreNoPartOfNamesWhereTheHeaderHasThem() throws Exception {
        assertThat(said((HEADER + "0," + MD5 + ",a\n").replace("\n", "\r\n"))).containsExactly("5: 0 [MD5] [a]");
    }

    @Test
    void namesGoOnInLinesThatAreNoRows() throws Exception {
        assertThat(said(HEADER + "0," + MD5 + ",a\nb\n\nc\n1," + MD5 + ",d\n"))
                .containsExactly("5: 0 [MD5] [a\nb\n\nc]", "9: 1 [MD5] [d]");
    }

    @Test
    void commandLinesWithNewlinesArePartOfTheHeader() throws Exception {
        assertThat(said(HEADER.replace("## \n", "## $ hashdeep a\nb\n") + "0," + MD5 + ",a\n"))
                .containsExactly("6: 0 [MD5] [a]");
    }

    @Test
    void tornRowsAreMalformed() throws Exception {
        assertThat(said(HEADER + "0," + MD5 + ",a\n12,d41d8c\n99999999999999999999," + MD5 + ",b\n3," + MD5))
                .hasSize(4)
                .contains("5: 0 [MD5] [a]");
    }

    @Test
    void columnsOfOtherDigestsArePassedOver() throws Exception {
        String header = "%%%% HASHDEEP-1.0\n%%%% size,tiger,md5,filename\n";
        assertThat(said(header + "0," + "0".repeat(48) + "," + MD5 + ",a")).containsExactly("3: 0 [MD5] [a]");
        assertThatThrownBy(() -> said("%%%% HASHDEEP-1.0\n%%%% size,tiger,filename\n"))
                .isInstanceOf(ManifestException.class)
                .hasMessageContaining("no digest");
    }
}
