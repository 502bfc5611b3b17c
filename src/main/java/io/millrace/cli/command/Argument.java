// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.command;

import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.ByteRange;
import io.millrace.prealloc.Reserve;
import io.millrace.units.ByteSize;
import io.millrace.units.Durations;
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
 * An option or a positional parameter of a command: what picocli is told of it and, once the command line is parsed, its
 * value. Picocli's annotations would say the same, but reading them by reflection was half of the program's start; and
 * classes that implement its converters' interface, which is in the format of Java 5, cannot be in the class archive.
 *
 * @param <T> the type of the value
 */
public final class Argument<T> {
    private final OptionSpec.@Nullable Builder option;
    private final PositionalParamSpec.@Nullable Builder positional;
    private final Class<?> type;
    private final @Nullable ArgumentParser<?> words;
    private @Nullable T value;
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
        return flag("--json", "One JSON object a line; the last is the summary.");
    }

    /** An option with a value of one of the types that {@link #parse} knows; {@code label} is its name in the help. */
    public static <T> Argument<T> option(String name, String label, Class<T> type, String description) {
        return new Argument<>(named(name, label, description).type(String.class), type, null, null);
    }

    /** An option with a value in words of its own, which the shell's completion offers. */
    public static <T> Argument<T> option(String name, String label, ArgumentParser<T> words, String description) {
        var builder = named(name, label, description).type(String.class).completionCandidates(words);
        return new Argument<>(builder, String.class, words, null);
    }

    /** An option that may be given several times. */
    public static <T> Argument<List<T>> options(String name, String label, Class<T> type, String description) {
        return new Argument<>(named(name, label, description).type(List.class), type, null, List.of());
    }

    /** An option that may be given several times, and with commas between values. */
    public static <T> Argument<List<T>> options(
            String name, String label, ArgumentParser<T> words, String description) {
        var builder = named(name, label, description).type(List.class).splitRegex(",");
        return new Argument<>(builder.completionCandidates(words), String.class, words, List.of());
    }

    /** A positional parameter that has to be given. */
    public static <T> Argument<T> parameter(String label, Class<T> type, String description) {
        var builder = PositionalParamSpec.builder().paramLabel(label).type(String.class);
        return new Argument<>(builder.required(true).description(description), type, null, null);
    }

    /** The first of all positional parameters, in words of its own. */
    public static <T> Argument<T> firstParameter(String label, ArgumentParser<T> words, String description) {
        var builder = PositionalParamSpec.builder()
                .index("0")
                .paramLabel(label)
                .type(String.class)
                .required(true);
        return new Argument<>(builder.completionCandidates(words).description(description), String.class, words, null);
    }

    /** Positional parameters: {@code 0..*} of them, or {@code 1..*}. */
    public static <T> Argument<List<T>> parameters(String arity, String label, Class<T> type, String description) {
        return parameters("0..*", arity, label, type, description);
    }

    /** Positional parameters at certain places, such as {@code 1..*} behind the first. */
    public static <T> Argument<List<T>> parameters(
            String index, String arity, String label, Class<T> type, String description) {
        var builder = PositionalParamSpec.builder().index(index).arity(arity).paramLabel(label);
        builder.required(!arity.startsWith("0"));
        return new Argument<>(builder.type(List.class).description(description), type, null, List.of());
    }

    private static OptionSpec.Builder named(String name, String label, String description) {
        return OptionSpec.builder(name).paramLabel(label).description(description);
    }

    /** The value where the option is not given. */
    public Argument<T> or(T absent) {
        value = absent;
        return this;
    }

    /** An option that has to be given. */
    public Argument<T> required() {
        Objects.requireNonNull(option).required(true);
        return this;
    }

    /** An option that all subcommands take too. */
    public Argument<T> inherited() {
        Objects.requireNonNull(option).scopeType(ScopeType.INHERIT);
        return this;
    }

    /** Makes it an argument of the command. */
    public void addTo(CommandSpec owner) {
        spec = option == null ? Objects.requireNonNull(positional).build() : option.build();
        command = owner;
        owner.add(spec);
    }

    /** After the command line was parsed. {@link ParameterException} for what is no value. */
    @SuppressWarnings("unchecked") // what the factory methods promise
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
            return words == null ? parse(type, text) : words.parse(text);
        } catch (IllegalArgumentException e) {
            throw refused(name() + ": " + e.getMessage());
        }
    }

    private static Object parse(Class<?> type, String text) {
        if (type == String.class) {
            return text;
        }
        if (type == BytePath.class) {
            return BytePath.of(text);
        }
        if (type == ByteSize.class) {
            return ByteSize.parse(text);
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
            return integer(text);
        }
        throw new IllegalStateException("no parser of " + type);
    }

    /** {@code OFF:LEN}, both as sizes. */
    private static ByteRange range(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length != 2) {
            throw new IllegalArgumentException("'" + text + "' is not a range; write OFFSET:LENGTH, as 1GiB:64MiB");
        }
        return new ByteRange(
                ByteSize.parse(parts[0]).bytes(), ByteSize.parse(parts[1]).bytes());
    }

    private static int integer(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is not a number", e);
        }
    }

    /** The value that was given, else {@link #or}'s. */
    public T get() {
        return Objects.requireNonNull(value);
    }

    /** The value that was given, else {@link #or}'s, where there is one. */
    public @Nullable T orNull() {
        return value;
    }

    public boolean isGiven() {
        return Objects.requireNonNull(spec).getValue() != null;
    }

    /** An option's, with its hyphens; a parameter's in the help. */
    public String name() {
        return Objects.requireNonNull(spec) instanceof OptionSpec named ? named.longestName() : spec.paramLabel();
    }

    /** For the caller to throw: this argument, or what goes with it, is wrong. */
    public ParameterException refused(String why) {
        return new ParameterException(Objects.requireNonNull(command).commandLine(), why);
    }
}
