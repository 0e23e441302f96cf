package dev.eddy.standalone;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Arrows: main -> command -> role -> status; only commands know the command-line library. */
class ArchitectureTest {
  private final JavaClasses standalone =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.eddy.standalone");

  @Test
  void rolesKnowNoCommandLine() {
    noClasses()
        .that()
        .resideInAnyPackage("..standalone.role", "..standalone.status")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("picocli..", "..standalone.command")
        .check(standalone);
  }

  @Test
  void statusKnowsNoRole() {
    noClasses()
        .that()
        .resideInAPackage("..standalone.status")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("..standalone.role")
        .check(standalone);
  }
}
