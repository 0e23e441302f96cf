package dev.eddy.bench;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.eddy.bench");

  @Test
  void measuringAndDataKnowNeitherServerNorEngine() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.eddy.bench.measure..", "dev.eddy.bench.data..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.eddy.bench.server..",
            "dev.eddy.bench.wire..",
            "dev.eddy.bench.command..",
            "dev.eddy.engine..",
            "dev.eddy.proto..")
        .check(classes);
  }

  /** The edge benchmark hosts a server whose parts it replaces, in a process of its own. */
  @Test
  void serversAreMeasuredFromOutside() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.eddy.bench.edge")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.eddy.index..", "dev.eddy.query..", "dev.eddy.ingest..", "dev.eddy.standalone..")
        .check(classes);
  }

  @Test
  void everyPackageIsNullMarked() {
    for (JavaPackage found : classes.getPackage("dev.eddy.bench").getSubpackagesInTree()) {
      if (!found.getClasses().isEmpty()) {
        assertThat(found.isAnnotatedWith(NullMarked.class)).as(found.getName()).isTrue();
      }
    }
  }
}
