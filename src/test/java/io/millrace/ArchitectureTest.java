// SPDX-License-Identifier: Apache-2.0
package io.millrace;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The floors and fences of ARCHITECTURE.md, proved. A package that has no class yet passes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArchitectureTest {
    /** Lowest first. A package sees the floors below its own, and nothing else of Millrace. */
    private static final List<List<String>> FLOORS = List.of(
            List.of("posix", "lifecycle"),
            List.of("prealloc", "pagecache", "worker", "catalog"),
            List.of("scan"),
            List.of("verify"),
            List.of("telemetry"),
            List.of("daemon"),
            List.of("cli"));

    private final JavaClasses millrace = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.millrace");

    @ParameterizedTest(name = "{0} on floor {1}")
    @MethodSource("packages")
    void importsGoStrictlyDownward(String name, int floor) {
        String[] outOfSight = FLOORS.subList(floor, FLOORS.size()).stream()
                .flatMap(List::stream)
                .filter(other -> !other.equals(name))
                .map(ArchitectureTest::subtree)
                .toArray(String[]::new);
        if (outOfSight.length > 0) {
            check(noClasses()
                    .that()
                    .resideInAPackage(subtree(name))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(outOfSight));
        }
    }

    @Test
    void everyClassLivesOnAFloor() {
        check(classes().should().resideInAnyPackage(allPackages()));
    }

    @Test
    void packagesFormNoCycle() {
        check(slices().matching("io.millrace.(**)").should().beFreeOfCycles());
    }

    @ParameterizedTest(name = "{0} only in {1}")
    @MethodSource("fences")
    void staysBehindItsFence(String library, String home) {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(subtree(home))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library));
    }

    @Test
    void onlyAMainEndsTheProcess() {
        check(noClasses()
                .that()
                .doNotHaveFullyQualifiedName("io.millrace.cli.Main")
                .and()
                .doNotHaveFullyQualifiedName("io.millrace.daemon.Main")
                .should()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "halt", int.class));
    }

    @Test
    void everyPackageIsNullMarked() {
        check(classes().that(are(resideInAPackage("io.millrace.."))).should(liveInANullMarkedPackage()));
    }

    private void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(millrace);
    }

    private static ArchCondition<JavaClass> liveInANullMarkedPackage() {
        return new ArchCondition<>("live in a package whose package-info is @NullMarked") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean marked = type.getPackage().isAnnotatedWith(NullMarked.class);
                events.add(new SimpleConditionEvent(type, marked, type.getFullName() + " does not"));
            }
        };
    }

    static Stream<Arguments> packages() {
        return IntStream.range(0, FLOORS.size())
                .boxed()
                .flatMap(floor -> FLOORS.get(floor).stream().map(name -> Arguments.of(name, floor)));
    }

    static Stream<Arguments> fences() {
        return Stream.of(
                Arguments.of("com.sun.jna..", "posix"),
                Arguments.of("java.sql..", "catalog"),
                Arguments.of("org.sqlite..", "catalog"),
                Arguments.of("javax.management..", "telemetry"),
                Arguments.of("io.micrometer..", "telemetry"),
                Arguments.of("io.prometheus..", "telemetry"),
                Arguments.of("com.sun.net.httpserver..", "telemetry"),
                Arguments.of("picocli..", "cli"),
                Arguments.of("org.snakeyaml..", "daemon"));
    }

    private static String[] allPackages() {
        return FLOORS.stream()
                .flatMap(List::stream)
                .map(ArchitectureTest::subtree)
                .toArray(String[]::new);
    }

    private static String subtree(String name) {
        return "io.millrace." + name + "..";
    }
}
