package dev.eddy.standalone.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.standalone.RestOperations;
import dev.eddy.standalone.RunningEddy;
import dev.eddy.standalone.golden.GoldenFile.Exchange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every operation of both doors answers as its golden file says, and has one. {@code
 * -Deddy.golden.write=true} writes what was answered into the files instead; read the difference
 * before it is kept.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public class GoldenAnswersIT {
  /** Where the files are, seen from the module. */
  public static final Path FOLDER = Path.of("src", "test", "resources", "golden");

  private static final boolean IS_WRITING = Boolean.getBoolean("eddy.golden.write");

  private static final Pattern NAME = Pattern.compile("\\{\"name\":\"([^\"]+)\"}");

  private RunningEddy eddy;
  private RestDoor rest;
  private GrpcDoor grpc;

  @BeforeAll
  void start(@TempDir Path data) {
    eddy = RunningEddy.start(data);
    rest = new RestDoor(eddy.restPort());
    grpc = new GrpcDoor(eddy.grpcPort());
    give(rest, GoldenFile.read(FOLDER.resolve("fixture.http")));
  }

  @AfterAll
  void stop() {
    grpc.close();
    rest.close();
    eddy.close();
  }

  private static void give(Door door, GoldenFile file) {
    for (Exchange exchange : file.exchanges()) {
      assertThat(door.answer(exchange)).as(exchange.line()).matches(door::isSuccess);
    }
  }

  /** The files of one door, in the order of their names. */
  public static List<Path> files(String suffix) throws IOException {
    try (Stream<Path> all = Files.walk(FOLDER)) {
      return all.filter(path -> path.toString().endsWith(suffix))
          .filter(path -> path.getNameCount() > FOLDER.getNameCount() + 1)
          .sorted()
          .toList();
    }
  }

  @TestFactory
  Stream<DynamicTest> restAnswersAsWritten() throws IOException {
    return files(".http").stream().map(path -> test(rest, path));
  }

  @TestFactory
  Stream<DynamicTest> grpcAnswersAsWritten() throws IOException {
    return files(".grpc").stream().map(path -> test(grpc, path));
  }

  private DynamicTest test(Door door, Path path) {
    return DynamicTest.dynamicTest(
        FOLDER.relativize(path).toString(),
        () -> {
          GoldenFile written = GoldenFile.read(path);
          GoldenFile answered = answered(door, written);
          if (IS_WRITING) {
            Files.writeString(path, answered.text());
          } else {
            assertThat(answered.text()).isEqualTo(Files.readString(path));
          }
          assertThat(written.exchanges())
              .as("a request of %s", written.operation())
              .anyMatch(
                  exchange -> !exchange.isGiven() && door.isOf(exchange, written.operation()));
        });
  }

  /** Runs a file and removes the collections that it made. */
  private GoldenFile answered(Door door, GoldenFile file) throws Exception {
    Set<String> before = collections();
    try {
      List<Exchange> answered = new ArrayList<>();
      for (Exchange exchange : file.exchanges()) {
        String answer = door.answer(exchange);
        if (exchange.isGiven()) {
          assertThat(answer).as(exchange.line()).matches(door::isSuccess);
          answered.add(exchange);
        } else {
          answered.add(exchange.with(laidOut(file.steady(answer))));
        }
      }
      return file.with(answered);
    } finally {
      for (String name : collections()) {
        if (!before.contains(name)) {
          eddy.rest("DELETE", "/collections/" + name, "");
        }
      }
    }
  }

  private Set<String> collections() throws Exception {
    String body = eddy.rest("GET", "/collections", "").body();
    Set<String> names = new TreeSet<>();
    Matcher matcher = NAME.matcher(body);
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
    return names;
  }

  private static String laidOut(String answer) {
    int body = answer.lastIndexOf('\n') + 1;
    return answer.startsWith("{", body)
        ? answer.substring(0, body) + JsonLayout.lines(answer.substring(body))
        : answer;
  }

  @Test
  void everyRestOperationHasAFile() throws IOException {
    assertThat(operations(".http")).containsExactlyInAnyOrderElementsOf(RestOperations.routed());
  }

  @Test
  void everyGrpcMethodHasAFile() throws IOException {
    assertThat(operations(".grpc"))
        .containsExactlyInAnyOrderElementsOf(GrpcDoor.published().keySet());
  }

  private static List<String> operations(String suffix) throws IOException {
    return files(suffix).stream().map(path -> GoldenFile.read(path).operation()).toList();
  }
}
