// SPDX-License-Identifier: Apache-2.0
package io.millrace;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.List;
import java.util.Map;
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
    /** Lowest first. A room sees those of the floors below its own, and nothing else of Millrace. */
    private static final List<List<String>> FLOORS = List.of(
            List.of("posix.libc"),
            List.of("posix", "posix.digest", "units"),
            List.of("posix.linux", "lifecycle", "catalog.record"),
            List.of("files", "catalog.coverage", "catalog.exchange"),
            List.of("pagecache", "prealloc", "worker", "catalog"),
            List.of("prealloc.pool", "scan.walk", "scan.throttle", "scan.digest"),
            List.of("scan.observe"),
            List.of("scan"),
            List.of("scan.stream", "scan.record", "verify"),
            List.of("scan.catalog"),
            List.of("scan.job"),
            List.of("scan.schedule", "catalog.maintenance"),
            List.of("telemetry"),
            List.of("telemetry.metrics", "telemetry.http.page", "telemetry.jmx.access", "telemetry.jmx.beans"),
            List.of("telemetry.http", "telemetry.jmx", "telemetry.jmx.client"),
            List.of("daemon.config", "daemon.log"),
            List.of("daemon", "cli.output"),
            List.of("cli.command"),
            List.of("cli.options"),
            List.of("cli.cache", "cli.catalog", "cli.ctl", "cli.verify"),
            List.of("cli"));

    /** Classes that know each other since they are one thing in several files. ARCHITECTURE.md says why. */
    private static final List<List<String>> UNITS = List.of(
            List.of(
                    "Delivery",
                    "ProtocolDelivery",
                    "PerFileDelivery",
                    "PersistentDelivery",
                    "BatchDelivery",
                    "WorkerPool"),
            List.of("AcceptedSocket", "ConnectionTable", "RequestBudget"),
            List.of("RoleServer", "ClientSession", "SessionGate"),
            List.of("DeviceReader", "DevicePass"),
            List.of("Catalog", "WriteBatch"));

    /** A room of more has no walls. */
    private static final int MAX_TYPES = 35;

    private final JavaClasses millrace = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.millrace");

    @ParameterizedTest(name = "{0} on floor {1}")
    @MethodSource("packages")
    void importsGoStrictlyDownward(String name, int floor) {
        String[] outOfSight = FLOORS.subList(floor, FLOORS.size()).stream()
                .flatMap(List::stream)
                .filter(other -> !other.equals(name))
                .map(ArchitectureTest::room)
                .toArray(String[]::new);
        if (outOfSight.length > 0) {
            check(noClasses()
                    .that()
                    .resideInAPackage(room(name))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(outOfSight));
        }
    }

    @Test
    void everyClassLivesOnAFloor() {
        check(classes().should().resideInAnyPackage(allPackages()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("packages")
    void noRoomHoldsMoreTypesThanAReaderCanLookThrough(String name, int floor) {
        var types = millrace.stream()
                .filter(type -> type.getPackageName().equals(room(name)))
                .filter(JavaClass::isTopLevelClass)
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .map(JavaClass::getSimpleName)
                .toList();
        assertThat(types).hasSizeLessThanOrEqualTo(MAX_TYPES);
    }

    @Test
    void oneSimpleNameMeansOneThing() {
        Map<String, List<String>> places = millrace.stream()
                .filter(JavaClass::isTopLevelClass)
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .collect(groupingBy(JavaClass::getSimpleName, mapping(JavaClass::getPackageName, toList())));
        places.values().removeIf(packages -> packages.size() == 1);
        assertThat(places).isEmpty();
    }

    @Test
    void classesFormNoCycle() {
        SliceAssignment byClass = new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass type) {
                String name = type.getName().replaceFirst("\\$.*", "");
                String simple = name.substring(name.lastIndexOf('.') + 1);
                return SliceIdentifier.of(UNITS.stream()
                        .filter(unit -> unit.contains(simple))
                        .map(unit -> unit.get(0))
                        .findFirst()
                        .orElse(name));
            }

            @Override
            public String getDescription() {
                return "classes";
            }
        };
        check(slices().assignedFrom(byClass).should().beFreeOfCycles());
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
                .doNotHaveFullyQualifiedName("io.millrace.cli.output.Invocation")
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
                Arguments.of("io.micrometer..", "telemetry.metrics"),
                Arguments.of("io.prometheus..", "telemetry.metrics"),
                Arguments.of("com.sun.net.httpserver..", "telemetry.http"),
                Arguments.of("picocli..", "cli"),
                Arguments.of("org.snakeyaml..", "daemon.config"));
    }

    private static String[] allPackages() {
        return FLOORS.stream().flatMap(List::stream).map(ArchitectureTest::room).toArray(String[]::new);
    }

    private static String room(String name) {
        return "io.millrace." + name;
    }

    private static String subtree(String name) {
        return "io.millrace." + name + "..";
    }
}
