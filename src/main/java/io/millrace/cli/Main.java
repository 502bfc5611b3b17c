// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.daemon.ConfigurationException;
import io.millrace.daemon.StartException;
import io.millrace.daemon.Suggestion;
import io.millrace.lifecycle.Durations;
import io.millrace.lifecycle.ExitActions;
import io.millrace.lifecycle.StopSignal;
import io.millrace.lifecycle.ThreadShortageException;
import io.millrace.lifecycle.UnansweredException;
import io.millrace.posix.BytePath;
import io.millrace.posix.ByteSize;
import io.millrace.posix.Fallbacks;
import io.millrace.posix.OwnedFd;
import io.millrace.posix.Posix;
import io.millrace.telemetry.UnreachableException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The root command and the process's entry: what every command shares, and how each of them ends. */
@Command(
        name = "millrace",
        description = "Reserves big files, reads them once for every consumer, and leaves the page cache as it was.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:done",
            "1:done, but some files failed or did not match",
            "2:wrong usage",
            "69:the service cannot be reached, or cannot start now",
            "78:bad configuration",
            "129, 130, 143:ended by SIGHUP, SIGINT, SIGTERM",
            "141:standard output was closed"
        },
        footer = {
            "",
            "Examples:",
            "  millrace scan --digest sha256 /srv/backups",
            "  millrace allocate --size 64MiB /srv/wal/next",
            "  millrace cache status /srv/db"
        })
public class Main implements Runnable {
    private static final int SIGNAL_EXIT = 128;
    private static final String DUMB = "dumb";
    private static final List<String> STANDARD = List.of("standard input", "standard output", "standard error");

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Show the stack trace behind an error.")
    private boolean debug;

    @Spec
    private CommandSpec spec;

    private final Console console;
    private final TextOutput output = new TextOutput(this);
    private @Nullable Posix posix;
    private @Nullable StopSignal stop;

    /** For the command line of this process. */
    public Main() {
        this.console =
                new Console(new PrintStream(new FileOutputStream(FileDescriptor.err), false, StandardCharsets.UTF_8));
    }

    @Option(names = "-q", scope = ScopeType.INHERIT, description = "Say nothing on standard error but errors.")
    void setQuiet(boolean quiet) {
        if (quiet) {
            console.setQuiet();
        }
    }

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        CommandLine line = commandLine(args);
        int exitCode;
        try {
            List<Integer> missing = MissingDescriptors.find();
            exitCode = missing.isEmpty() ? execute(line, args) : refuse(line, missing);
        } catch (IOException | Error e) { // a library that is missing, memory that ran out
            Main main = line.getCommand();
            exitCode = main.fail(e);
        }
        System.exit(exitCode);
    }

    /**
     * After a second signal: with the exit code that shells give to the signal's default, which itself would not end the first
     * process of a PID namespace (pid_namespaces(7)).
     */
    static void endAtOnce(int signalNumber) {
        ExitActions.run();
        Runtime.getRuntime().halt(SIGNAL_EXIT + signalNumber);
    }

    private static int execute(CommandLine line, String... args) throws IOException {
        int exitCode = line.execute(RawArguments.restore(args));
        line.getOut().flush();
        Main main = line.getCommand();
        IOException lost = main.output.failure();
        return lost == null ? exitCode : main.fail(lost);
    }

    /** Nothing is written where one of the JVM's own files may be. */
    private static int refuse(CommandLine line, List<Integer> missing) {
        if (!missing.contains(2)) {
            Main main = line.getCommand();
            String names = missing.stream().map(STANDARD::get).collect(Collectors.joining(", "));
            main.console.fail(
                    names + ": Bad file descriptor (EBADF): closed when the program started, so that a file of the"
                            + " JVM's own may have its number; start bin/millrace, or open it on /dev/null");
        }
        return ExitCode.SOME_FAILED;
    }

    /** With the one command that is called, where one is: the others would only cost time to set up. */
    static CommandLine commandLine(String... args) {
        String name = Arrays.stream(args)
                .dropWhile(word -> word.startsWith("-"))
                .findFirst()
                .orElse("");
        Class<?> command = AllCommands.named(name);
        Main main = command == null ? new AllCommands() : new Main();
        var line = new CommandLine(main);
        return main.configure(command == null ? line : line.addSubcommand(command));
    }

    private CommandLine configure(CommandLine line) {
        return line.setErr(new PrintWriter(console.stream(), true))
                .setOut(new PrintWriter(output, true, StandardCharsets.UTF_8))
                .setExpandAtFiles(false) // a path may begin with @
                .registerConverter(ByteSize.class, refusing(ByteSize::parse))
                .registerConverter(Duration.class, refusing(Durations::parse))
                .registerConverter(BytePath.class, refusing(BytePath::of))
                .setParameterExceptionHandler((e, args) -> refuse(e))
                .setExecutionExceptionHandler((e, command, parsed) -> fail(e));
    }

    private static <T> ITypeConverter<T> refusing(ITypeConverter<T> converter) {
        return text -> {
            try {
                return converter.convert(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        };
    }

    private int refuse(ParameterException e) {
        CommandSpec command = e.getCommandLine().getCommandSpec();
        if (e instanceof MissingCommandException) {
            e.getCommandLine().usage(console.stream());
        }
        String why = e instanceof UnmatchedArgumentException unknown ? unknown(unknown) : e.getMessage();
        console.fail(why + " (see " + command.qualifiedName() + " --help)");
        return ExitCode.WRONG_USAGE;
    }

    /** What was typed in place of a command or an option, and what may have been meant. */
    private static String unknown(UnmatchedArgumentException e) {
        CommandLine line = e.getCommandLine();
        String word = e.getUnmatched().get(0);
        boolean isOption = word.startsWith("-");
        if (!isOption && line.getSubcommands().isEmpty()) {
            return String.valueOf(e.getMessage());
        }
        String name = isOption ? word.replaceFirst("=.*", "") : word;
        Set<String> known = isOption
                ? line.getCommandSpec().optionsMap().keySet()
                : line.getSubcommands().keySet();
        return isOption ? "no option '" + name + "'" + meant(name, known).orElse("") : unknownCommand(name, known);
    }

    static String unknownCommand(String name, Set<String> known) {
        String meant = known.isEmpty() ? "" : "; there are " + String.join(", ", known);
        return "no command '" + name + "'" + meant(name, known).orElse(meant);
    }

    private static Optional<String> meant(String name, Set<String> known) {
        return Suggestion.closest(name, known).map(close -> "; did you mean " + close + "?");
    }

    /** A command that is nothing without one of its subcommands: its usage is shown. */
    static final class MissingCommandException extends ParameterException {
        private static final long serialVersionUID = 1L;

        MissingCommandException(CommandLine line) {
            super(line, "a command is missing");
        }
    }

    private int fail(Throwable e) {
        if (e instanceof ResultStream.Closed) {
            return ExitCode.OUTPUT_CLOSED;
        }
        if (e instanceof ResultStream.Stopped) {
            console.say(String.valueOf(e.getMessage()));
            return stop().exitCode();
        }
        if (e instanceof ConfigurationException bad) {
            bad.problems().forEach(problem -> console.fail(problem.toString()));
            return ExitCode.BAD_CONFIGURATION;
        }
        if (e instanceof ConfigurationInput.Unreadable) {
            console.fail(String.valueOf(e.getMessage()));
            return ExitCode.BAD_CONFIGURATION;
        }
        if (e instanceof StartException cause) {
            console.fail(String.valueOf(cause.getMessage()));
            return cause.mayHelpToTryAgain() ? ExitCode.UNAVAILABLE : ExitCode.BAD_CONFIGURATION;
        }
        if (debug) {
            e.printStackTrace(console.stream());
        } else {
            boolean hasWords = e instanceof IOException || e instanceof ThreadShortageException;
            String why = hasWords ? String.valueOf(e.getMessage()) : e.toString();
            why = ThreadShortageException.isCauseOf(e) ? ThreadShortageException.message("of the program") : why;
            console.fail(why.lines().collect(Collectors.joining("; ")));
        }
        return e instanceof UnreachableException || e instanceof UnansweredException
                ? ExitCode.UNAVAILABLE
                : ExitCode.SOME_FAILED;
    }

    @Override
    public void run() {
        throw new MissingCommandException(spec.commandLine());
    }

    /** Where people read. */
    Console console() {
        return console;
    }

    /** The kernel; bound at the first call, since --help does without. */
    synchronized Posix posix() {
        if (posix == null) {
            posix = Posix.linux();
            Fallbacks.onUse(console::say);
        }
        return posix;
    }

    /** Whether lines can be drawn over there: a terminal that is not dumb (terminfo(5)). */
    boolean canRedraw(OwnedFd fd) {
        return !DUMB.equals(System.getenv("TERM")) && posix().terminals().isTerminal(fd);
    }

    /** SIGHUP, SIGINT and SIGTERM, from the first call on. */
    synchronized StopSignal stop() {
        if (stop == null) {
            stop = StopSignal.ofProcess(Main::endAtOnce);
        }
        return stop;
    }
}
