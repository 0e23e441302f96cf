package dev.eddy.testkit;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.eddy.testkit");

  @Test
  void theTestkitKnowsNoServiceAndNoKafkaServer() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.eddy.index..",
            "dev.eddy.query..",
            "dev.eddy.controller..",
            "dev.eddy.ingest..",
            "kafka..",
            "scala..")
        .check(classes);
  }
}
