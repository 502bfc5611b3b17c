// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.command;

import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.ByteRange;
import io.millrace.prealloc.Reserve;
import io.millrace.units.ByteRate;
import io.millrace.units.ByteSize;
import io.millrace.units.Durations;
import io.millrace.units.FileMode;
import io.millrace.units.WholeNumber;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/**
 * An option or a positional parameter of a command: its definition in picocli and, after the command line is parsed,
 * its value. Picocli's annotations would define the same, but reading them by reflection took half of the program's
 * start-up time; and classes that implement picocli's converter interface, which is in the class file format of Java 5,
 * cannot be in the class archive. One thread.
 *
 * @param <T> the type of the value
 */
public final class Argument<T> {
    private final OptionSpec.@Nullable Builder option;
    private final PositionalParamSpec.@Nullable Builder positional;
    private final Class<?> type;
    private final @Nullable ArgumentParser<?> words;
    private @Nullable T value;
    private int min = Integer.MIN_VALUE;
    private int max = Integer.MAX_VALUE;
    private @Nullable ArgSpec spec;
    private @Nullable CommandSpec command;

    private Argument(OptionSpec.Builder option, Class<?> type, @Nullable ArgumentParser<?> words, @Nullable T absent) {
        this(option, null, type, words, absent);
    }

    private Argument(
            PositionalParamSpec.Builder positional,
            Class<?> type,
            @Nullable ArgumentParser<?> words,
            @Nullable T absent) {
        this(null, positional, type, words, absent);
    }

    private Argument(
            OptionSpec.@Nullable Builder option,
            PositionalParamSpec.@Nullable Builder positional,
            Class<?> type,
            @Nullable ArgumentParser<?> words,
            @Nullable T absent) {
        this.option = option;
        this.positional = positional;
        this.type = type;
        this.words = words;
        this.value = absent;
    }

    /** An option without a value. */
    public static Argument<Boolean> flag(String name, String description) {
        var builder = OptionSpec.builder(name).type(boolean.class).description(description);
        return new Argument<>(builder, Boolean.class, null, false);
    }

    /** {@code --json}, which most commands have. */
    public static Argument<Boolean> json() {
        return flag("--json", "One JSON object a line; the last is the summary. Every key: json.md of the handbook.");
    }

    /** An option whose type is one that {@link #parse} supports; {@code label} names the value in the help. */
    public static <T> Argument<T> option(String name, String label, Class<T> type, String description) {
        return new Argument<>(named(name, label, description).type(String.class), type, null, null);
    }

    /** An option with its own parser, whose values shell completion offers. */
    public static <T> Argument<T> option(String name, String label, ArgumentParser<T> words, String description) {
        var builder = named(name, label, description).type(String.class).completionCandidates(words);
        return new Argument<>(builder, String.class, words, null);
    }

    /** An option that may be given several times. */
    public static <T> Argument<List<T>> options(String name, String label, Class<T> type, String description) {
        return new Argument<>(named(name, label, description).type(List.class), type, null, List.of());
    }

    /** An option that may be given several times, and may have several values separated by commas. */
    public static <T> Argument<List<T>> options(
            String name, String label, ArgumentParser<T> words, String description) {
        var builder = named(name, label, description).type(List.class).splitRegex(",");
        return new Argument<>(builder.completionCandidates(words), String.class, words, List.of());
    }

    /** A required positional parameter. */
    public static <T> Argument<T> parameter(String label, Class<T> type, String description) {
        var builder = PositionalParamSpec.builder().paramLabel(label).type(String.class);
        return new Argument<>(builder.required(true).description(description), type, null, null);
    }

    /** The first positional parameter, with its own parser. */
    public static <T> Argument<T> firstParameter(String label, ArgumentParser<T> words, String description) {
        var builder = PositionalParamSpec.builder()
                .index("0")
                .paramLabel(label)
                .type(String.class)
                .required(true);
        return new Argument<>(builder.completionCandidates(words).description(description), String.class, words, null);
    }

    /** Positional parameters: {@code 0..*} or {@code 1..*}. */
    public static <T> Argument<List<T>> parameters(String arity, String label, Class<T> type, String description) {
        return parameters("0..*", arity, label, type, description);
    }

    /** Positional parameters at certain indexes, such as {@code 1..*} after the first. */
    public static <T> Argument<List<T>> parameters(
            String index, String arity, String label, Class<T> type, String description) {
        var builder = PositionalParamSpec.builder().index(index).arity(arity).paramLabel(label);
        builder.required(!arity.startsWith("0"));
        return new Argument<>(builder.type(List.class).description(description), type, null, List.of());
    }

    private static OptionSpec.Builder named(String name, String label, String description) {
        return OptionSpec.builder(name).paramLabel(label).description(description);
    }

    /** Sets the range of a whole number. */
    public Argument<T> within(int least, int most) {
        min = least;
        max = most;
        return this;
    }

    /** Sets the default value. */
    public Argument<T> or(T absent) {
        value = absent;
        return this;
    }

    /** Makes the option required. */
    public Argument<T> required() {
        Objects.requireNonNull(option).required(true);
        return this;
    }

    /** Makes the option available in all subcommands too. */
    public Argument<T> inherited() {
        Objects.requireNonNull(option).scopeType(ScopeType.INHERIT);
        return this;
    }

    /** Adds the argument to a command. */
    public void addTo(CommandSpec owner) {
        spec = option == null ? Objects.requireNonNull(positional).build() : option.build();
        command = owner;
        owner.add(spec);
    }

    /**
     * Reads the value after the command line was parsed. Throws a {@link ParameterException} if the value is invalid.
     */
    @SuppressWarnings("unchecked") // the factory methods guarantee the type
    public void read() {
        @Nullable Object given = Objects.requireNonNull(spec).getValue();
        if (given instanceof List<?> texts) {
            List<Object> all = new ArrayList<>();
            for (Object text : texts) {
                all.add(parsed((String) text));
            }
            value = (T) all;
        } else if (given != null) {
            value = (T) (given instanceof String text ? parsed(text) : given);
        }
    }

    private Object parsed(String text) {
        try {
            return words == null ? parse(text) : words.parse(text);
        } catch (IllegalArgumentException e) {
            throw refused(name() + ": " + e.getMessage());
        }
    }

    private Object parse(String text) {
        if (type == String.class) {
            return text;
        }
        if (type == BytePath.class) {
            return BytePath.of(text);
        }
        if (type == ByteSize.class) {
            return ByteSize.parse(text);
        }
        if (type == ByteRate.class) {
            return ByteRate.parse(text);
        }
        if (type == FileMode.class) {
            return FileMode.parse(text);
        }
        if (type == ByteRange.class) {
            return range(text);
        }
        if (type == Duration.class) {
            return Durations.parse(text);
        }
        if (type == Reserve.class) {
            return Reserve.parse(text);
        }
        if (type == Integer.class) {
            return WholeNumber.parse(text, min, max);
        }
        throw new IllegalStateException("no parser of " + type);
    }

    /** Parses {@code OFF:LEN}, both as sizes. */
    private static ByteRange range(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length != 2) {
            throw new IllegalArgumentException("'" + text + "' is not a range; write OFFSET:LENGTH, as 1GiB:64MiB");
        }
        return new ByteRange(
                ByteSize.parse(parts[0]).bytes(), ByteSize.parse(parts[1]).bytes());
    }

    /** Returns the given value, or the default set by {@link #or}. */
    public T get() {
        return Objects.requireNonNull(value);
    }

    /** Returns the given value, or the default set by {@link #or}, or null if there is none. */
    public @Nullable T orNull() {
        return value;
    }

    public boolean isGiven() {
        return Objects.requireNonNull(spec).getValue() != null;
    }

    /** Returns the option with its hyphens, or the label of the parameter. */
    public String name() {
        return Objects.requireNonNull(spec) instanceof OptionSpec named ? named.longestName() : spec.paramLabel();
    }

    /**
     * Returns an exception, for the caller to throw, which says that this argument or its combination with others is
     * invalid.
     */
    public ParameterException refused(String why) {
        return new ParameterException(Objects.requireNonNull(command).commandLine(), why);
    }
}
