package dev.eddy.model;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/**
 * The model knows the JDK and, for JSON text, Jackson's streaming core; its packages form no cycle.
 */
class ArchitectureTest {
  private final JavaClasses model =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.eddy.model");

  @Test
  void theModelDependsOnNothingButTheJdkAndJacksonCore() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "dev.eddy.model..",
            "java..",
            "com.fasterxml.jackson.core..",
            "org.jspecify.annotations",
            "com.google.errorprone.annotations")
        .check(model);
  }

  @Test
  void onlyTheJsonPackageKnowsJackson() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.eddy.model.json")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.fasterxml..")
        .check(model);
  }

  @Test
  void packagesFormNoCycle() {
    slices().matching("dev.eddy.model.(*)..").should().beFreeOfCycles().check(model);
  }
}
