package dev.eddy.query;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.eddy.query");

  @Test
  void edgesDoNotKnowEachOther() {
    check(
        noClasses()
            .that()
            .resideInAPackage("dev.eddy.query.rest..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.eddy.query.grpc.."));
    check(
        noClasses()
            .that()
            .resideInAPackage("dev.eddy.query.grpc..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.eddy.query.rest.."));
  }

  @Test
  void edgesUseTheCoreThroughItsServices() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage("dev.eddy.query.rest..", "dev.eddy.query.grpc..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.eddy.query.fanout..", "dev.eddy.kafka.."));
  }

  @Test
  void theCoreKnowsNoEdgeAndNoTransport() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(
                "dev.eddy.query.write..",
                "dev.eddy.query.read..",
                "dev.eddy.query.collection..",
                "dev.eddy.query.fanout..",
                "dev.eddy.query.metrics..",
                "dev.eddy.query.quota..",
                "dev.eddy.query.service..",
                "dev.eddy.query.strict..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "dev.eddy.query",
                "dev.eddy.query.rest..",
                "dev.eddy.query.grpc..",
                "dev.eddy.proto.qdrant..",
                "dev.eddy.proto.v1..",
                "dev.eddy.kafka..",
                "io.helidon.."));
    check(
        noClasses()
            .that()
            .resideInAPackage("dev.eddy.query.fanout..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "dev.eddy.query.write..", "dev.eddy.query.read..", "dev.eddy.query.collection.."));
  }

  @Test
  void nothingKnowsTheEngineOrTheIndexNode() {
    check(
        noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.eddy.index..", "dev.eddy.engine.."));
  }

  @Test
  void documentsAreVectorsBehindTheEdges() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("dev.eddy.query.rest..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.eddy.text.."));
  }

  @Test
  void everyPackageSaysWhatItIsFor() {
    check(
        classes()
            .that()
            .haveSimpleName("package-info")
            .should()
            .beAnnotatedWith("org.jspecify.annotations.NullMarked"));
  }

  private static void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(CLASSES);
  }
}
