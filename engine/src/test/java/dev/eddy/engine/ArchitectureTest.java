package dev.eddy.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.eddy.engine.graph.HopLimits;
import dev.eddy.engine.graph.WalkLimits;
import org.junit.jupiter.api.Test;

/**
 * The arrows between the engine's packages: kernel and format below, graph on kernel, segment on
 * these three, everything else above.
 */
final class ArchitectureTest {
  private static final String ROOT = "dev.eddy.engine.";

  /** Of the model: what a shard says of its size, which segments add up. */
  private static final String MODEL_SIZES = "dev.eddy.model.shard";

  private static final JavaClasses ENGINE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.eddy.engine");

  @Test
  void theKernelKnowsNobody() {
    onlyDependsOn("kernel");
  }

  @Test
  void theFormatKnowsNobody() {
    onlyDependsOn("format");
  }

  @Test
  void quantizationKnowsTheKernelAlone() {
    onlyDependsOn("quantization", "kernel");
  }

  @Test
  void theGraphKnowsKernelAndQuantizationAlone() {
    onlyDependsOn("graph", "kernel", "quantization");
    noClasses()
        .that()
        .resideInAPackage(ROOT + "graph..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.nio..", "java.io..")
        .check(ENGINE);
  }

  @Test
  void segmentsKnowGraphQuantizationKernelAndFormat() {
    onlyDependsOn("segment", "graph", "quantization", "kernel", "format", MODEL_SIZES);
  }

  @Test
  void pointsKnowNoVectorsAndFiltersNoStore() {
    knowsNoneOf("points", "kernel", "graph", "segment", "filter", "search", "checkpoint", "shard");
    knowsNoneOf(
        "filter",
        "kernel",
        "graph",
        "segment",
        "points",
        "search",
        "checkpoint",
        "shard",
        "format");
  }

  @Test
  void fieldIndexesKnowPayloadsAndTheFormat() {
    knowsNoneOf(
        "field",
        "kernel",
        "graph",
        "segment",
        "column",
        "sparse",
        "multi",
        "search",
        "checkpoint",
        "shard");
    knowsNoneOf("filter", "field");
    knowsNoneOf("points", "field");
  }

  @Test
  void searchAndCheckpointKnowNoShard() {
    knowsNoneOf("search", "checkpoint", "shard", "format");
    // The planner of filtered searches says how far they go, and nothing else of graphs.
    noClasses()
        .that()
        .resideInAPackage(ROOT + "search..")
        .should()
        .dependOnClassesThat(
            JavaClass.Predicates.resideInAPackage(ROOT + "graph..")
                .and(
                    DescribedPredicate.not(
                        JavaClass.Predicates.belongToAnyOf(WalkLimits.class, HopLimits.class))))
        .check(ENGINE);
    knowsNoneOf("checkpoint", "kernel", "graph", "segment", "points", "filter", "search", "shard");
  }

  @Test
  void onlyPointsKnowTheDatabase() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "points..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.rocksdb..")
        .check(ENGINE);
  }

  @Test
  void onlyPanamaKernelsImportTheVectorApi() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("dev.eddy.engine.kernel.PanamaKernels")
        .and()
        .doNotHaveFullyQualifiedName("dev.eddy.engine.kernel.PanamaFloat16Kernels")
        .and()
        .doNotHaveFullyQualifiedName("dev.eddy.engine.kernel.PanamaUint8Kernels")
        .and()
        .doNotHaveFullyQualifiedName("dev.eddy.engine.kernel.PanamaCodeKernels")
        .and()
        .doNotHaveFullyQualifiedName("dev.eddy.engine.kernel.PanamaRowCodeKernels")
        .and()
        .doNotHaveFullyQualifiedName("dev.eddy.engine.kernel.PanamaSketchKernels")
        .and()
        .doNotHaveFullyQualifiedName("dev.eddy.engine.kernel.PanamaScanKernels")
        .and()
        .doNotHaveFullyQualifiedName("dev.eddy.engine.kernel.PanamaMaxSimKernels")
        .and()
        .doNotHaveFullyQualifiedName("dev.eddy.engine.kernel.PanamaShortMaxSimKernels")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jdk.incubator.vector..")
        .check(ENGINE);
  }

  @Test
  void theEngineKnowsNoKafkaAndNoNetwork() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.kafka..", "io.grpc..", "io.helidon..", "java.net..")
        .check(ENGINE);
  }

  private static void knowsNoneOf(String from, String... forbidden) {
    String[] packages = new String[forbidden.length];
    for (int i = 0; i < forbidden.length; i++) {
      packages[i] = ROOT + forbidden[i] + "..";
    }
    noClasses()
        .that()
        .resideInAPackage(ROOT + from + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages)
        .check(ENGINE);
  }

  private static void onlyDependsOn(String from, String... allowed) {
    String[] packages = new String[allowed.length + 4];
    packages[0] = ROOT + from + "..";
    packages[1] = "java..";
    packages[2] = "jdk.incubator.vector..";
    packages[3] = "org..";
    for (int i = 0; i < allowed.length; i++) {
      packages[4 + i] = (allowed[i].contains(".") ? allowed[i] : ROOT + allowed[i]) + "..";
    }
    classes()
        .that()
        .resideInAPackage(ROOT + from + "..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(packages)
        .check(ENGINE);
  }
}
