// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;

/** The model of all commands, for picocli's generators of the man pages and the shell's completion, which want a class. */
@Command(name = "millrace", modelTransformer = AllCommands.Model.class)
public final class AllCommands {
    /** Puts the model in the place of the class without one. */
    static final class Model implements IModelTransformer {
        @Override
        public CommandSpec transform(CommandSpec empty) {
            return Main.allCommands();
        }
    }
}
