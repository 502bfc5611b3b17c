// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.cli.cache.CacheCommand;
import io.millrace.cli.command.Argument;
import io.millrace.cli.command.CommandBuilder;
import io.millrace.cli.command.CommandGroup;
import io.millrace.cli.command.RawArguments;
import io.millrace.cli.command.Suggestions;
import io.millrace.cli.ctl.CtlCommand;
import io.millrace.cli.options.ConfigurationInput;
import io.millrace.cli.output.CalledNames;
import io.millrace.cli.output.Console;
import io.millrace.cli.output.ExitCode;
import io.millrace.cli.output.Invocation;
import io.millrace.cli.output.ResultStream;
import io.millrace.cli.output.TextOutput;
import io.millrace.cli.verify.VerifyCommand;
import io.millrace.daemon.StartException;
import io.millrace.daemon.config.ConfigurationException;
import io.millrace.lifecycle.ThreadShortageException;
import io.millrace.lifecycle.UnansweredException;
import io.millrace.telemetry.jmx.client.UnreachableException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;
import picocli.CommandLine;

/**
 * The root command and the entry point of the process: options common to all commands, error handling and exit codes.
 * Runs on the main thread.
 */
public final class Main extends CommandGroup {
    private static final List<String> STANDARD = List.of("standard input", "standard output", "standard error");

    private final Argument<Boolean> debug =
            Argument.flag("--debug", "Show the stack trace behind an error.").inherited();
    private final Argument<Boolean> quiet =
            Argument.flag("-q", "Say nothing on standard error but errors.").inherited();

    private final Invocation invocation;
    private final Console console;
    private final TextOutput output;

    private Main(CalledNames called) {
        this.invocation = new Invocation(called);
        this.console = invocation.console();
        this.output = new TextOutput(invocation);
    }

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        var main = new Main(CalledNames.of(args));
        int exitCode;
        try {
            List<Integer> missing = MissingDescriptors.find();
            exitCode = missing.isEmpty() ? main.run(RawArguments.restore(args)) : main.refuse(missing);
        } catch (IOException | Error e) { // a missing library, or no memory
            exitCode = main.fail(e);
        }
        System.exit(exitCode);
    }

    /** Runs one command and returns its exit code. */
    static int execute(String... arguments) {
        return new Main(CalledNames.of(arguments)).run(arguments);
    }

    private int run(String... arguments) {
        var line = new CommandLine(spec());
        line.setErr(new PrintWriter(console.stream(), true));
        line.setOut(new PrintWriter(output, true, StandardCharsets.UTF_8));
        line.setExpandAtFiles(false); // a path may begin with @
        try {
            int exitCode = run(line.parseArgs(arguments));
            line.getOut().flush();
            IOException lost = output.failure();
            return lost == null ? exitCode : fail(lost);
        } catch (UnmatchedArgumentException e) {
            // Suggestions need the names of all commands.
            return invocation.called() == CalledNames.ALL ? refuse(e) : new Main(CalledNames.ALL).run(arguments);
        } catch (ParameterException e) {
            return refuse(e);
        } catch (Exception e) {
            return fail(e);
        }
    }

    private int run(ParseResult parsed) throws Exception {
        @Nullable Integer helped = CommandLine.executeHelpRequest(parsed);
        if (helped != null) {
            return helped;
        }
        ParseResult last = parsed;
        CommandBuilder.Command command = read(last);
        while (last.hasSubcommand()) {
            last = last.subcommand();
            command = read(last);
        }
        if (quiet.get()) {
            console.setQuiet();
        }
        return command.action().call();
    }

    private static CommandBuilder.Command read(ParseResult parsed) {
        var command = (CommandBuilder.Command) parsed.commandSpec().userObject();
        command.read();
        return command;
    }

    /** Writes nothing to a missing descriptor, because its number may refer to a file that the JVM has opened. */
    private int refuse(List<Integer> missing) {
        if (!missing.contains(2)) {
            String names = missing.stream().map(STANDARD::get).collect(Collectors.joining(", "));
            console.fail(names + ": Bad file descriptor (EBADF): closed when the program started, so that a file of the"
                    + " JVM's own may have its number; start bin/millrace, or open it on /dev/null");
        }
        return ExitCode.SOME_FAILED;
    }

    /** Returns the model of all commands, for the help, the man pages and shell completion. */
    static CommandSpec allCommands() {
        return new Main(CalledNames.ALL).spec();
    }

    /** Builds the model with only those commands that are called, because building the others would take time. */
    private CommandSpec spec() {
        var builder = new CommandBuilder("millrace", this)
                .description(
                        "Reserves big files, reads them once for every consumer, and leaves the page cache as it was.")
                .examples(
                        "  millrace scan --digest sha256 /srv/backups",
                        "  millrace allocate --size 64MiB /srv/wal/next",
                        "  millrace cache status /srv/db")
                .exitCodes(
                        "0", "done",
                        "1", "done, but some files failed or did not match",
                        "2", "wrong usage",
                        "69", "the service cannot be reached, or cannot start now",
                        "78", "bad configuration",
                        "129, 130, 143", "ended by SIGHUP, SIGINT, SIGTERM",
                        "141", "standard output was closed")
                .add(debug, quiet);
        return with(builder.build(), invocation.called());
    }

    @Override
    public List<String> names() {
        return List.of("serve", "allocate", "check-config", "scan", "cat", "verify", "cache", "probe", "ctl", "help");
    }

    @Override
    public CommandSpec subcommand(String name) {
        return switch (name) {
            case "serve" -> ServeCommand.spec(invocation);
            case "allocate" -> AllocateCommand.spec(invocation);
            case "check-config" -> CheckConfigCommand.spec(invocation);
            case "scan" -> ScanCommand.spec(invocation);
            case "cat" -> CatCommand.spec(invocation);
            case "verify" -> VerifyCommand.spec(invocation);
            case "cache" -> CacheCommand.spec(invocation);
            case "probe" -> ProbeCommand.spec(invocation);
            case "ctl" -> CtlCommand.spec(invocation);
            case "help" -> HelpCommand.spec(Main::allCommands);
            default -> throw new IllegalArgumentException(name);
        };
    }

    private int refuse(ParameterException e) {
        CommandSpec command = e.getCommandLine().getCommandSpec();
        if (e instanceof CommandGroup.MissingCommandException) {
            e.getCommandLine().usage(console.stream());
        }
        String why = e instanceof UnmatchedArgumentException unknown ? unknown(unknown) : e.getMessage();
        console.fail(why + " (see " + command.qualifiedName() + " --help)");
        return ExitCode.WRONG_USAGE;
    }

    /** Returns the message for an unknown command or option, with a suggestion. */
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
        return isOption
                ? "no option '" + name + "'" + Suggestions.meant(name, known).orElse("")
                : Suggestions.unknownCommand(name, known);
    }

    private int fail(Throwable e) {
        if (e instanceof ResultStream.Closed) {
            return ExitCode.OUTPUT_CLOSED;
        }
        if (e instanceof ResultStream.Stopped) {
            console.say(String.valueOf(e.getMessage()));
            return invocation.stop().exitCode();
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
        if (debug.get()) {
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
}
