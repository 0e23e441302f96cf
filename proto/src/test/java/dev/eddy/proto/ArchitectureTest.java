package dev.eddy.proto;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.eddy.proto");

  @Test
  void messagesKnowTheModelAndInferenceAndProtobufAndNothingElse() {
    classes()
        .that()
        .resideInAPackage("dev.eddy.proto..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "org.jspecify.annotations..",
            "com.google.errorprone.annotations..",
            "com.google.protobuf..",
            "com.google.common.util.concurrent..",
            "io.grpc..",
            "dev.eddy.model..",
            "dev.eddy.text.inference..",
            "dev.eddy.proto..")
        .check(CLASSES);
  }

  @Test
  void onlyWhatClientsSendIsMadeAVector() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.eddy.proto.qdrant.mapping..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.eddy.text..")
        .check(CLASSES);
  }

  @Test
  void whatIsStoredDoesNotKnowWhoServesIt() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.eddy.proto.log..", "dev.eddy.proto.meta..", "dev.eddy.proto.mapping..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.grpc..",
            "dev.eddy.proto.qdrant..",
            "dev.eddy.proto.shard..",
            "dev.eddy.proto.peer..")
        .check(CLASSES);
  }

  @Test
  void theTwinsOfTheModelDoNotKnowRecords() {
    noClasses()
        .that()
        .resideInAPackage("dev.eddy.proto.mapping..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.eddy.proto.log..", "dev.eddy.proto.meta..")
        .check(CLASSES);
  }

  @Test
  void thePublicContractKnowsNoWireOfOurOwn() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.eddy.proto.qdrant..", "dev.eddy.proto.v1..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.eddy.proto.log..",
            "dev.eddy.proto.meta..",
            "dev.eddy.proto.model..",
            "dev.eddy.proto.shard..",
            "dev.eddy.proto.peer..")
        .check(CLASSES);
  }
}
