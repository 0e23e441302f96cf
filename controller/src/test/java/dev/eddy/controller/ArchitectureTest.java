package dev.eddy.controller;

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
          .importPackages("dev.eddy.controller");

  @Test
  void nothingKnowsEngineNodesOrThePublicContract() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.eddy.engine..",
            "dev.eddy.index..",
            "dev.eddy.query..",
            "dev.eddy.ingest..",
            "dev.eddy.kafka.broker..",
            "dev.eddy.proto.qdrant..")
        .check(classes);
  }

  @Test
  void decidingKnowsNoGrpc() {
    noClasses()
        .that()
        .resideInAPackage("dev.eddy.controller")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.grpc..", "dev.eddy.controller.peer..")
        .check(classes);
  }

  @Test
  void onlyTheElectionUsesKafkaClientsDirectly() {
    noClasses()
        .that()
        .haveNameNotMatching("dev\\.eddy\\.controller\\.Candidate(\\$.*)?")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.kafka..")
        .check(classes);
  }

  @Test
  void everyPackageIsNullMarked() {
    for (JavaPackage found : classes.getPackage("dev.eddy.controller").getSubpackagesInTree()) {
      if (!found.getClasses().isEmpty()) {
        assertThat(found.isAnnotatedWith(NullMarked.class)).as(found.getName()).isTrue();
      }
    }
    assertThat(classes.getPackage("dev.eddy.controller").isAnnotatedWith(NullMarked.class))
        .isTrue();
  }
}
