// SPDX-License-Identifier: Apache-2.0
package io.millrace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.testkit.Command;
import io.millrace.testkit.Document;
import io.millrace.testkit.DocumentRun;
import io.millrace.testkit.DocumentRun.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page of JSON has every key that the commands on it print, and none that they do not. A section ({@code ##}) has
 * commands, and below it a table for each {@code type} of object ({@code ###}).
 */
@Timeout(600)
class DocumentedJsonIT {
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern DIGEST = Pattern.compile("(crc32c|xxh3|sha\\d[\\d-]*|md5|blake2b-512)$");
    private static final Pattern OUTCOME = Pattern.compile("^((?:workers\\[]\\.)?files)\\..*");
    private static final String WORKER_IN_A_RESULT = "A worker in a result";

    /** For the script of the status page only. */
    private static final String OF_THE_PAGE = "page.";

    /** The lists of the state of the service, and the types of their objects. */
    private static final Map<String, String> LISTS =
            Map.of("scans", "scan", "pools", "pool", "sources", "source", "workers", "worker");

    /** An object of the state of the service, which {@code ctl status} prints on a line of its own. */
    private static final String CATALOG = "catalog.";

    @TempDir
    private Path scratch;

    /** Keys with the cells behind them, by section and type: {@code millrace scan}, {@code file}. */
    private static Map<String, Map<String, Map<String, String>>> documented() throws IOException {
        var sections = new LinkedHashMap<String, Map<String, Map<String, String>>>();
        String section = "";
        String type = "";
        for (String line : Document.page("json.md").prose()) {
            if (line.startsWith("## ")) {
                section = line.substring(3);
                type = "";
            } else if (line.startsWith("### ")) {
                type = line.substring(4);
            } else if (line.startsWith("| `")) {
                List<String> row = Document.rows(List.of(line)).get(0);
                var key = CODE.matcher(row.get(0));
                while (key.find()) {
                    sections.computeIfAbsent(section, any -> new LinkedHashMap<>())
                            .computeIfAbsent(type, any -> new LinkedHashMap<>())
                            .put(key.group(1), row.get(2));
                }
            }
        }
        return sections;
    }

    @Test
    void everyKeyIsDocumentedAndEveryDocumentedKeyIsThere() throws Exception {
        for (String program : List.of("unshare", "ip", "curl", "python3")) {
            Command.assumeExists(program);
        }
        var page = Document.page("json.md");
        var documented = documented();
        var wrong = new ArrayList<String>();
        printed(page)
                .forEach((section, types) -> types.forEach((type, keys) -> {
                    var table = new TreeMap<>(
                            documented.getOrDefault(section, Map.of()).getOrDefault(type, Map.of()));
                    var known = new TreeMap<>(table);
                    known.putAll(referenced(section, type, documented));
                    keys.stream()
                            .filter(key -> !isKnown(key, known) && !key.startsWith(OF_THE_PAGE))
                            .forEach(key -> wrong.add(section + ", " + type + ": " + key + " is not documented"));
                    table.keySet().stream()
                            .filter(key -> !key.contains("…") && !isThere(key, keys))
                            .forEach(key -> wrong.add(section + ", " + type + ": there is no " + key));
                }));
        assertThat(wrong).isEmpty();
    }

    /** The keys that the page has for this type by a reference to other tables. */
    private static Map<String, String> referenced(
            String section, String type, Map<String, Map<String, Map<String, String>>> documented) {
        var keys = new TreeMap<String, String>();
        var scan = documented.get("millrace scan");
        var status = documented.get("/status.json").get("status");
        if (type.equals("file")) {
            keys.putAll(scan.get(WORKER_IN_A_RESULT));
        }
        if (type.equals("status")) {
            LISTS.forEach((list, object) -> documented
                    .get("millrace ctl")
                    .get(object)
                    .forEach((key, meaning) -> keys.put(list + "[]." + key, meaning)));
            documented
                    .get("millrace ctl")
                    .get("catalog")
                    .forEach((key, meaning) -> keys.put("catalog." + key, meaning));
        }
        if (section.equals("/events")) {
            keys.putAll(status);
        }
        if (type.equals("summary")) {
            keys.putAll(section.equals("millrace ctl") ? status : scan.get("summary"));
        }
        return keys;
    }

    /** Also one in the objects of a list that is empty now. */
    private static boolean isThere(String key, TreeSet<String> keys) {
        int list = key.indexOf("[].");
        return keys.contains(key) || (list >= 0 && keys.contains(key.substring(0, list)));
    }

    /** Also that of a list that is empty now, or of an object that is null now. */
    private static boolean isKnown(String key, TreeMap<String, String> known) {
        return known.containsKey(key)
                || known.keySet().stream().anyMatch(name -> name.startsWith(key + "[].") || name.startsWith(key + "."));
    }

    /** The keys that the commands of each section printed, by type. */
    private Map<String, Map<String, TreeSet<String>>> printed(Document page) throws Exception {
        var sections = new LinkedHashMap<String, Map<String, TreeSet<String>>>();
        for (Result result :
                new DocumentRun(scratch).run(DocumentedCommandsIT.configuration(), DocumentRun.steps(page))) {
            assertThat(result.exitCode())
                    .as(result.toString())
                    .isEqualTo(result.step().exitCode());
            String section = page.lines().subList(0, result.step().line()).stream()
                    .filter(line -> line.startsWith("## "))
                    .reduce("", (before, line) -> line.substring(3));
            for (String line : result.out().lines().toList()) {
                String json = line.replaceFirst("^data: ?", "");
                if (json.startsWith("{")) {
                    var keys = new TreeSet<String>();
                    String type = collect(json, keys);
                    sections.computeIfAbsent(section, any -> new LinkedHashMap<>())
                            .computeIfAbsent(type, any -> new TreeSet<>())
                            .addAll(keys);
                }
            }
        }
        // Written in the form of another section, and compared with that.
        var results = sections.remove("Result files");
        assertThat(results).isNotNull();
        assertThat(sections)
                .containsKeys("millrace scan", "millrace verify", "millrace ctl", "/status.json", "/events");
        assertSame(sections);
        assertThat(sections.get("millrace scan").get("summary")).containsAll(results.get("summary"));
        return sections;
    }

    /** Each object has the same keys by itself and in a list, and an event has all of the state. */
    private static void assertSame(Map<String, Map<String, TreeSet<String>>> sections) {
        TreeSet<String> state = sections.get("/status.json").get("status");
        LISTS.forEach((list, type) -> {
            var inList = new TreeSet<String>();
            state.stream()
                    .filter(key -> key.startsWith(list + "[]."))
                    .forEach(key -> inList.add(key.substring(list.length() + 3)));
            if (!inList.isEmpty()) { // scans have ended
                assertThat(inList)
                        .as(list)
                        .isEqualTo(sections.get("millrace ctl").get(type));
            }
        });
        assertThat(state).anyMatch(key -> key.startsWith("pools[].")).anyMatch(key -> key.startsWith("sources[]."));
        assertThat(sections.get("/events").get("status"))
                .containsAll(
                        state.stream().filter(key -> !key.startsWith("scans")).toList());
        assertThat(sections.get("millrace ctl").get("catalog").stream().map(key -> CATALOG + key))
                .containsExactlyElementsOf(
                        state.stream().filter(key -> key.startsWith(CATALOG)).toList());
        assertThat(sections.get("millrace ctl").get("summary"))
                .containsAll(state.stream()
                        .filter(key -> !LISTS.containsKey(key.replaceFirst("\\[].*", "")) && !key.startsWith(CATALOG))
                        .toList());
    }

    /** Adds all keys but {@code type}, whose value it returns. */
    private static String collect(String json, TreeSet<String> keys) throws IOException {
        var type = new StringBuilder();
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            parser.nextToken();
            members(parser, "", keys, type);
        }
        return type.toString();
    }

    private static void members(JsonParser parser, String prefix, TreeSet<String> keys, StringBuilder type)
            throws IOException {
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            if (prefix.isEmpty() && name.equals("type")) {
                type.append(parser.getText());
            } else {
                value(parser, prefix + name, keys, type);
            }
        }
    }

    /** A list of plain values, and one of none, has the key of the list. */
    private static void value(JsonParser parser, String key, TreeSet<String> keys, StringBuilder type)
            throws IOException {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            members(parser, key + ".", keys, type);
            return;
        }
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            keys.add(general(key));
            return;
        }
        boolean isOfObjects = false;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            isOfObjects = parser.currentToken() == JsonToken.START_OBJECT;
            if (isOfObjects) {
                members(parser, key + "[].", keys, type);
            } else {
                parser.skipChildren();
            }
        }
        if (!isOfObjects) {
            keys.add(key);
        }
    }

    private static String general(String key) {
        if (key.startsWith("workers[].result")) {
            return "workers[].result";
        }
        if (key.contains("digest")) {
            return DIGEST.matcher(key).replaceFirst("DIGEST");
        }
        return OUTCOME.matcher(key).replaceFirst("$1.OUTCOME");
    }
}
