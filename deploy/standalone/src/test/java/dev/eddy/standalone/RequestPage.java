package dev.eddy.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The curl commands of a markdown page, and the answers printed below them.
 *
 * <p>A command begins at the start of a line, indented as code or within a fence, and ends with the
 * line where its quotes are closed and no backslash goes on. Its answer is the fence that follows
 * with nothing between: {@code json} or {@code text}, and the status where it is not 200.
 */
final class RequestPage {
  private static final String HOST = "http://127.0.0.1:6333";
  private static final Pattern ANSWER = Pattern.compile("```(json|text)( \\d{3})?");
  private static final Pattern WORD = Pattern.compile("'([^']*)'|([^\\s'\\\\]+)|\\\\\\n");

  private final Path file;
  private final List<String> lines;

  private RequestPage(Path file, List<String> lines) {
    this.file = file;
    this.lines = lines;
  }

  static RequestPage read(Path file) throws IOException {
    return new RequestPage(file, Files.readAllLines(file));
  }

  /**
   * One command.
   *
   * @param line of the page, from 1
   * @param lastLine where its block ends, from 1
   * @param path after host and port
   * @param answer printed below it
   */
  record Command(
      int line, int lastLine, String method, String path, String body, Optional<Answer> answer) {}

  /**
   * A printed answer.
   *
   * @param lastLine of its fence, from 1
   */
  record Answer(int status, String text, int lastLine) {}

  List<Command> commands() {
    List<Command> commands = new ArrayList<>();
    int line = 0;
    while (line < lines.size()) {
      if (!lines.get(line).strip().startsWith("curl ")) {
        line++;
        continue;
      }
      int first = line;
      StringBuilder text = new StringBuilder(lines.get(line++).strip());
      while (isOpen(text)) {
        text.append('\n').append(lines.get(line++).strip());
      }
      int end = line < lines.size() && lines.get(line).strip().equals("```") ? line + 1 : line;
      commands.add(command(text.toString(), first + 1, end));
    }
    return commands;
  }

  private static boolean isOpen(CharSequence text) {
    return text.chars().filter(each -> each == '\'').count() % 2 == 1
        || text.charAt(text.length() - 1) == '\\';
  }

  private Command command(String text, int line, int lastLine) {
    String method = "GET";
    String path = "";
    String body = "";
    Matcher words = WORD.matcher(text);
    List<String> all = new ArrayList<>();
    while (words.find()) {
      if (words.group(1) != null || words.group(2) != null) {
        all.add(words.group(1) != null ? words.group(1) : words.group(2));
      }
    }
    for (int i = 1; i < all.size(); i++) {
      switch (all.get(i)) {
        case "-X" -> method = all.get(++i);
        case "-H" -> i++;
        case "-d" -> body = all.get(++i);
        default -> {
          if (!all.get(i).startsWith(HOST)) {
            throw new IllegalStateException("%s:%d: what is %s?".formatted(file, line, all.get(i)));
          }
          path = all.get(i).substring(HOST.length());
        }
      }
    }
    return new Command(line, lastLine, method, path, body, answer(lastLine));
  }

  private Optional<Answer> answer(int from) {
    int line = from;
    while (line < lines.size() && lines.get(line).isBlank()) {
      line++;
    }
    Matcher fence = ANSWER.matcher(line < lines.size() ? lines.get(line) : "");
    if (!fence.matches()) {
      return Optional.empty();
    }
    int end = line + 1;
    while (!lines.get(end).equals("```")) {
      end++;
    }
    int status = fence.group(2) == null ? 200 : Integer.parseInt(fence.group(2).strip());
    return Optional.of(
        new Answer(status, String.join("\n", lines.subList(line + 1, end)), end + 1));
  }

  /** Writes the page with these answers in the places of the old ones, in the order of commands. */
  void write(List<String> fences) throws IOException {
    List<Command> commands = commands();
    List<String> page = new ArrayList<>();
    int copied = 0;
    for (int i = 0; i < commands.size(); i++) {
      Command command = commands.get(i);
      page.addAll(lines.subList(copied, command.lastLine()));
      page.add("");
      page.addAll(fences.get(i).lines().toList());
      copied = command.answer().map(Answer::lastLine).orElse(command.lastLine());
    }
    page.addAll(lines.subList(copied, lines.size()));
    Files.writeString(file, String.join("\n", page) + "\n");
  }
}
