package dev.eddy.index;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The arrows of this module. */
final class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.eddy.index");

  @Test
  void thisModuleKnowsNoOtherRole() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.eddy.query..",
            "dev.eddy.ingest..",
            "dev.eddy.controller..",
            "dev.eddy.proto.qdrant..",
            "org.apache.kafka..")
        .check(CLASSES);
  }

  @Test
  void hostingKnowsNoEngineAndNoTransport() {
    noClasses()
        .that()
        .resideInAPackage("dev.eddy.index.host..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.eddy.engine..",
            "io.grpc..",
            "io.prometheus..",
            "dev.eddy.index.serve..",
            "dev.eddy.index.fold..",
            "dev.eddy.index.rpc..",
            "dev.eddy.index.metrics..")
        .check(CLASSES);
  }

  @Test
  void servingKnowsNoTransportAndNoEngine() {
    noClasses()
        .that()
        .resideInAPackage("dev.eddy.index.serve..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.eddy.engine..",
            "dev.eddy.proto..",
            "dev.eddy.kafka..",
            "io.grpc..",
            "io.prometheus..",
            "dev.eddy.index.rpc..",
            "dev.eddy.index.metrics..")
        .check(CLASSES);
  }

  @Test
  void onlyTheRpcPackageKnowsGrpc() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.eddy.index.rpc..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.grpc..")
        .check(CLASSES);
  }

  @Test
  void everyPackageSaysWhatItIsFor() {
    Set<String> packages =
        CLASSES.stream().map(JavaClass::getPackageName).collect(Collectors.toSet());
    Set<String> described =
        CLASSES.stream()
            .filter(each -> each.getSimpleName().equals("package-info"))
            .map(JavaClass::getPackageName)
            .collect(Collectors.toSet());
    assertThat(described).isEqualTo(packages);
  }
}
