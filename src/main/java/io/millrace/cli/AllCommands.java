// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;

/**
 * A class that represents the model of all commands, because picocli's generators of man pages and of shell completion
 * require a class.
 */
@Command(name = "millrace", modelTransformer = AllCommands.Model.class)
public final class AllCommands {
    /** Replaces the class by the model, which is built without annotations. */
    static final class Model implements IModelTransformer {
        @Override
        public CommandSpec transform(CommandSpec empty) {
            return Main.allCommands();
        }
    }
}
