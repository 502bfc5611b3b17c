// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.testkit.TestWorker;
import java.nio.file.Path;

/**
 * Feeds all files of a directory to a process each and to a persistent one, beside a digest. Says how each fared, and
 * {@code all is well} where everything is right in the end.
 */
final class FeedAll {
    private FeedAll() {}

    public static void main(String[] arguments) throws Exception {
        boolean well;
        try (var perFile = TestWorker.perFile("sha256sum").retries(3).pool();
                var persistent = TestWorker.habit().retries(3).pool()) {
            var run = ScanRun.with(DigestAlgorithm.SHA256).feeding(perFile, persistent);
            well = run.of(Path.of(arguments[0])).isGood();
            for (FileResult result : run.results()) {
                well &= isRight(result);
            }
        }
        System.out.println(ProcessHandle.current().children().count() + " children");
        System.out.println(well ? "all is well" : "all is not well");
    }

    private static boolean isRight(FileResult result) {
        System.out.println(result.error().orElse("read"));
        boolean right = result.error().isEmpty();
        for (var outcome : result.workers()) {
            System.out.println(outcome.kind() + " in " + outcome.attempts() + " " + outcome.reason());
            right &= outcome.isDone() && outcome.output().contains(ScanRun.hex(result, DigestAlgorithm.SHA256));
        }
        return right;
    }
}
