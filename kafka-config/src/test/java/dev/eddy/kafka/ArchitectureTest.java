package dev.eddy.kafka;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final String[] KAFKA_SERVER = {
    "kafka..",
    "scala..",
    "org.apache.kafka.server..",
    "org.apache.kafka.metadata..",
    "org.apache.kafka.raft..",
    "org.apache.kafka.storage..",
    "org.apache.kafka.coordinator..",
    "org.apache.kafka.image..",
    "org.apache.kafka.controller.."
  };

  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.eddy.kafka");

  @Test
  void onlyTheBrokerPackageTouchesKafkasServer() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.eddy.kafka.broker")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(KAFKA_SERVER)
        .check(classes);
  }

  @Test
  void theBrokerKnowsNoOtherPackage() {
    noClasses()
        .that()
        .resideInAPackage("dev.eddy.kafka.broker")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.eddy.kafka.client..",
            "dev.eddy.kafka.log..",
            "dev.eddy.kafka.meta..",
            "dev.eddy.kafka.topic..")
        .check(classes);
  }

  @Test
  void packagesFormNoCycle() {
    SlicesRuleDefinition.slices()
        .matching("dev.eddy.kafka.(*)..")
        .should()
        .beFreeOfCycles()
        .check(classes);
  }

  @Test
  void nothingKnowsTheModulesAbove() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.eddy.engine..",
            "dev.eddy.index..",
            "dev.eddy.query..",
            "dev.eddy.controller..",
            "dev.eddy.ingest..")
        .check(classes);
  }

  @Test
  void everyPackageIsNullMarked() {
    for (JavaPackage found : classes.getPackage("dev.eddy.kafka").getSubpackagesInTree()) {
      if (!found.getClasses().isEmpty()) {
        assertThat(found.isAnnotatedWith(NullMarked.class)).as(found.getName()).isTrue();
      }
    }
  }
}
