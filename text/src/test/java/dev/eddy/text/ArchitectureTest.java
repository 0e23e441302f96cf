package dev.eddy.text;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Arrows: inference -> text -> the model and Lucene. */
final class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.eddy.text");

  @Test
  void textsKnowTheModelAndLuceneAndNothingElse() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "org.jspecify.annotations..",
            "com.google.errorprone.annotations..",
            "org.apache.lucene..",
            "dev.eddy.model..",
            "dev.eddy.text..")
        .check(CLASSES);
  }

  @Test
  void analysisDoesNotKnowWhatItsTokensAreFor() {
    noClasses()
        .that()
        .resideInAPackage("dev.eddy.text")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.eddy.text.inference..")
        .check(CLASSES);
  }

  @Test
  void onlyAnalysisKnowsLucenesAnalyzers() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.eddy.text")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.lucene.analysis..")
        .check(CLASSES);
  }
}
