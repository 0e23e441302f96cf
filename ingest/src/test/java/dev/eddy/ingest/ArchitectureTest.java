package dev.eddy.ingest;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/**
 * Arrows: ingest -> inbox -> envelope, deadletter; the envelope knows no client, the rest no other
 * role.
 */
class ArchitectureTest {
  private final JavaClasses ingest =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.eddy.ingest");

  @Test
  void theEnvelopeKnowsNoConsumerNoProducerAndNoOtherPackage() {
    noClasses()
        .that()
        .resideInAPackage("..ingest.envelope")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.apache.kafka.clients..",
            "dev.eddy.kafka..",
            "..ingest.inbox",
            "..ingest.deadletter",
            "..ingest.producer")
        .check(ingest);
  }

  @Test
  void deadLettersKnowNeitherEnvelopeNorPipeline() {
    noClasses()
        .that()
        .resideInAPackage("..ingest.deadletter")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("..ingest.envelope", "..ingest.inbox")
        .check(ingest);
  }

  @Test
  void ingestKnowsNoOtherRole() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.eddy.engine..", "dev.eddy.index..", "dev.eddy.query..", "dev.eddy.controller..")
        .check(ingest);
  }
}
