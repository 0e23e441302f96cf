package dev.eddy.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the documentation names is there. */
class DocumentedClassesTest {
  private static final Path DOCS = Path.of("..", "..", "docs");
  private static final Pattern NAME = Pattern.compile("`(dev\\.eddy(?:\\.\\w+)+)`");

  @Test
  void everyClassAndPackageThatTheDocumentationNamesIsThere() throws IOException {
    List<String> missing = new ArrayList<>();
    int count = 0;
    try (Stream<Path> pages = Files.walk(DOCS)) {
      for (Path page : pages.filter(path -> path.toString().endsWith(".md")).toList()) {
        Matcher names = NAME.matcher(Files.readString(page));
        while (names.find()) {
          count++;
          if (!isThere(names.group(1))) {
            missing.add(page.getFileName() + ": " + names.group(1));
          }
        }
      }
    }
    assertThat(missing).isEmpty();
    assertThat(count).isGreaterThan(15);
  }

  private static boolean isThere(String name) {
    String path = name.replace('.', '/');
    ClassLoader loader = DocumentedClassesTest.class.getClassLoader();
    return loader.getResource(path + ".class") != null
        || loader.getResource(path + "/package-info.class") != null;
  }
}
