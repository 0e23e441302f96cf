package dev.eddy.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Command lines that end before anything starts. */
class EddyCommandTest {
  @TempDir Path folder;

  private record Ended(int code, List<String> lines) {}

  private static Ended run(String... args) {
    PrintStream before = System.err;
    ByteArrayOutputStream told = new ByteArrayOutputStream();
    System.setErr(new PrintStream(told, true, StandardCharsets.UTF_8));
    try {
      int code = EddyCommand.execute(args);
      return new Ended(code, told.toString(StandardCharsets.UTF_8).lines().toList());
    } finally {
      System.setErr(before);
    }
  }

  private Ended start(String... more) {
    List<String> args =
        new ArrayList<>(List.of("start", "--data", folder.resolve("data").toString()));
    args.addAll(List.of(more));
    return run(args.toArray(String[]::new));
  }

  private void isWrongUsage(Ended ended, String words) {
    assertThat(ended.lines()).hasSize(1);
    assertThat(ended.lines().getFirst()).startsWith("eddy: ").contains(words);
    assertThat(ended.code()).isEqualTo(2);
    assertThat(folder.resolve("data")).doesNotExist();
  }

  @Test
  void askingForHelpIsNoWrongUsage() {
    for (String asked : List.of("help", "--help", "-h")) {
      assertThat(run(asked)).as(asked).isEqualTo(new Ended(0, List.of()));
    }
  }

  @Test
  void allAddressesNeedANameForOthers() {
    isWrongUsage(start("--host", "0.0.0.0"), "--host 0.0.0.0 needs --advertise");
    isWrongUsage(start("--host=::"), "--host :: needs --advertise");
  }

  @Test
  void aMemoryThatIsNoSizeIsRefused() {
    isWrongUsage(start("--memory", "much"), "--memory much is no size");
  }

  @Test
  void limitsAreSetWithinTheirBoundsAndByTheirUnits() throws IOException {
    isWrongUsage(
        start("--limit-filter-depth", "21"),
        "--limit-filter-depth 21 can't be: filter-depth is from 1 to 20, got 21");
    isWrongUsage(start("--limit-rest-body=64x"), "sizes end with k, m or g");
    isWrongUsage(start("--limit-request-time=5"), "times end with ms, s or min");
    isWrongUsage(start("--limit-batch=5k"), "it is a number without a unit");
    isWrongUsage(start("--limit-batch=-5"), "it is no number");
    isWrongUsage(
        start("--limit-rest-body", "512m"),
        "--limit-rest-bodies 268435456 is below --limit-rest-body 536870912");
    assertThat(start("--limit-json-depth=5").lines().getFirst())
        .as("it is fixed")
        .isEqualTo("Unknown option: '--limit-json-depth=5'");
    Path file = folder.resolve("limits.conf");
    Files.writeString(file, "limit-prefetch-depth = 65\n");
    isWrongUsage(start("--config", file.toString()), "prefetch-depth is from 1 to 64, got 65");
  }

  @Test
  void optionsOfAFileCountInBothFormsOfNamingItAndTheCommandLineWins() throws IOException {
    Path file = folder.resolve("eddy.conf");
    Files.writeString(file, "host = 0.0.0.0\nmemory = 1g\n");
    isWrongUsage(start("--config", file.toString()), "--host 0.0.0.0 needs --advertise");
    isWrongUsage(start("--config=" + file), "--host 0.0.0.0 needs --advertise");
    isWrongUsage(start("--config=" + file, "--host", "::"), "--host :: needs --advertise");
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    isWrongUsage(start("--config", "nowhere.conf"), "config file nowhere.conf does not exist");
  }

  @Test
  void statusNeedsAnAddress() {
    isWrongUsage(run("status", "--url", "banana"), "--url banana is no address");
    isWrongUsage(run("status", "--url", "ftp://127.0.0.1"), "is no address");
  }

  @Test
  void aDataFolderThatCannotBeMadeIsNamed() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    Ended ended = run("start", "--data", file.toString());
    assertThat(ended.lines()).hasSize(1);
    assertThat(ended.lines().getFirst()).contains("data folder " + file + " can't be used");
    assertThat(ended.code()).isEqualTo(1);
  }
}
