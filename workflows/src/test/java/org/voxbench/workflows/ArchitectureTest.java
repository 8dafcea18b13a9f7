package org.voxbench.workflows;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter(
              List.of(
                  ImportOption.Predefined.DO_NOT_INCLUDE_TESTS,
                  location -> !location.contains("/test-classes/")))
          .importPackages("org.voxbench");

  @Test
  void modulesAreFreeOfCycles() {
    slices().matching("org.voxbench.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @ParameterizedTest
  @CsvSource({"model", "steps", "tracking", "ui", "workflows"})
  void roomsAreFreeOfCycles(String module) {
    slices()
        .matching("org.voxbench." + module + ".(*)..")
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @ParameterizedTest
  @CsvSource({
    "model,    steps tracking ui workflows",
    "steps,    tracking ui workflows",
    "tracking, model steps ui workflows",
    "ui,       model steps tracking workflows",
    "workflows, model"
  })
  void noArrowPointsUpwardsOrSideways(String module, String forbidden) {
    for (String other : forbidden.split(" ", -1)) {
      noClasses()
          .that()
          .resideInAPackage("org.voxbench." + module + "..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.voxbench." + other + "..")
          .check(CLASSES);
    }
  }

  @ParameterizedTest
  @CsvSource({"steps", "workflows", "tracking"})
  void theVocabularyOfAModuleDoesNotKnowItsRooms(String module) {
    noClasses()
        .that()
        .resideInAPackage("org.voxbench." + module)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.voxbench." + module + ".*..")
        .check(CLASSES);
  }

  @Test
  void theTrackingClientAndServerMeetOnHttpOnly() {
    noClasses()
        .that()
        .resideInAPackage("org.voxbench.tracking.server..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.voxbench.tracking")
        .check(CLASSES);
  }

  @Test
  void theCoordinatorNeverLoadsLibtorch() {
    noClasses()
        .that()
        .resideInAPackage("org.voxbench.workflows..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("ai.djl..")
        .check(CLASSES);
  }

  @Test
  void timeIsAskedOfAnInstantSource() {
    noClasses()
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .check(CLASSES);
  }

  @Test
  void namesSayWhatTheThingIs() {
    noClasses()
        .should()
        .haveSimpleNameEndingWith("Impl")
        .orShould()
        .haveSimpleNameEndingWith("Manager")
        .orShould()
        .haveSimpleNameEndingWith("Utils")
        .check(CLASSES);
  }
}
