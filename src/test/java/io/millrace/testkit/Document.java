// SPDX-License-Identifier: Apache-2.0
package io.millrace.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A Markdown file of the project, as its tests look at it: lines, code blocks, headings and table rows. */
public record Document(Path file, List<String> lines) {
    private static final Path HANDBOOK = Path.of("src/site/markdown");
    private static final Pattern FENCE = Pattern.compile("^```(\\w*)$");
    private static final Pattern HEADING = Pattern.compile("^#{1,6} +(.*)$");

    /** What stands between two fences. {@code line}: that of the first fence, from 1. */
    public record Block(String language, int line, List<String> lines) {}

    public static Document read(Path file) throws IOException {
        return new Document(file, Files.readAllLines(file));
    }

    /** A page of the handbook. */
    public static Document page(String name) throws IOException {
        return read(HANDBOOK.resolve(name));
    }

    /** The README and every page of the handbook. */
    public static List<Document> forUsers() throws IOException {
        var files = new ArrayList<>(List.of(Path.of("README.md")));
        files.addAll(below(HANDBOOK));
        return documents(files);
    }

    /** Every Markdown file: of the top directory, and below {@code src}. */
    public static List<Document> all() throws IOException {
        var files = new ArrayList<Path>();
        try (Stream<Path> top = Files.list(Path.of(""))) {
            top.filter(Document::isMarkdown).sorted().forEach(files::add);
        }
        files.addAll(below(Path.of("src")));
        return documents(files);
    }

    private static List<Path> below(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Document::isMarkdown).sorted().toList();
        }
    }

    private static boolean isMarkdown(Path file) {
        return file.toString().endsWith(".md");
    }

    private static List<Document> documents(List<Path> files) throws IOException {
        var documents = new ArrayList<Document>();
        for (Path file : files) {
            documents.add(read(file));
        }
        return documents;
    }

    public List<Block> blocks() {
        var blocks = new ArrayList<Block>();
        Block open = null;
        for (int i = 0; i < lines.size(); i++) {
            var fence = FENCE.matcher(lines.get(i));
            if (!fence.matches()) {
                if (open != null) {
                    open.lines().add(lines.get(i));
                }
            } else if (open == null) {
                open = new Block(fence.group(1), i + 1, new ArrayList<>());
            } else {
                blocks.add(open);
                open = null;
            }
        }
        return blocks;
    }

    /** Its lines, those of code blocks emptied. */
    public List<String> prose() {
        var prose = new ArrayList<String>();
        boolean isCode = false;
        for (String line : lines) {
            boolean isFence = FENCE.matcher(line).matches();
            prose.add(isCode || isFence ? "" : line);
            isCode ^= isFence;
        }
        return prose;
    }

    /** The anchors of its headings, as GitHub makes them. */
    public List<String> anchors() {
        var anchors = new ArrayList<String>();
        for (String line : prose()) {
            var heading = HEADING.matcher(line);
            if (heading.matches()) {
                String anchor = anchor(heading.group(1));
                long before = anchors.stream()
                        .filter(known -> known.equals(anchor) || known.matches(Pattern.quote(anchor) + "-\\d+"))
                        .count();
                anchors.add(before == 0 ? anchor : anchor + "-" + before);
            }
        }
        return anchors;
    }

    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT)
                .replaceAll("\\[([^\\]]*)]\\([^)]*\\)", "$1")
                .replaceAll("[^\\p{Alnum}_ -]", "")
                .replace(' ', '-');
    }

    /** The cells of the rows of its tables, without heads and rules. A {@code \|} is no border. */
    public List<List<String>> rows() {
        return rows(prose());
    }

    public static List<List<String>> rows(List<String> lines) {
        var rows = new ArrayList<List<String>>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            boolean isHead = i + 1 < lines.size() && lines.get(i + 1).startsWith("|-");
            if (line.startsWith("| ") && !isHead) {
                rows.add(Stream.of(line.substring(1).split("(?<!\\\\)\\|"))
                        .map(cell -> cell.strip().replace("\\|", "|"))
                        .toList());
            }
        }
        return rows;
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
