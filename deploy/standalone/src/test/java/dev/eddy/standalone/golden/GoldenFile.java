package dev.eddy.standalone.golden;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One operation's requests and answers. Immutable.
 *
 * <pre>
 *   # a remark
 *   operation GET /collections/{collection_name}
 *   varies "peer_id":\d+ => "peer_id":&lt;peer&gt;
 *
 *   ## given
 *   PUT /collections/made {"vectors":{}}
 *
 *   ## what is shown here
 *   GET /collections/made
 *   Some-Header: value
 *
 *   -> 200
 *   some-header: value
 *   {"result":true}
 * </pre>
 *
 * A request is a line, then headers if any, then its body; what is {@code given} must succeed, and
 * its answer is not kept. {@code varies} replaces what changes from run to run, before answers are
 * laid out.
 *
 * @param operation what the file is about; empty = none, everything is given
 */
public record GoldenFile(
    String head, String operation, List<Variation> varies, List<Exchange> exchanges) {
  private static final String ANSWER = "-> ";
  private static final String GIVEN = "given";

  /** What is different in every run. */
  record Variation(Pattern pattern, String replacement) {}

  /** A request, and its answer as it was written. */
  public record Exchange(String title, List<String> request, String answer) {
    boolean isGiven() {
      return title.equals(GIVEN);
    }

    /** The first line: a method and a path, or the name of a gRPC method, and maybe a body. */
    public String line() {
      return request.getFirst();
    }

    /** Lines of the form {@code Name: value} between the first one and the body. */
    public List<String> headers() {
      return request.stream().skip(1).takeWhile(line -> line.matches("[A-Z][\\w-]*: .*")).toList();
    }

    /** Everything after the headers; lines are joined as they are. */
    public String body() {
      return String.join("\n", request.subList(1 + headers().size(), request.size()));
    }

    Exchange with(String newAnswer) {
      return new Exchange(title, request, newAnswer);
    }
  }

  public static GoldenFile read(Path path) {
    try {
      return parse(Files.readString(path));
    } catch (IOException e) {
      throw new UncheckedIOException(path.toString(), e);
    }
  }

  static GoldenFile parse(String text) {
    String[] sections = text.split("(?m)^## ");
    String operation = "";
    List<Variation> varies = new ArrayList<>();
    for (String line : sections[0].split("\n")) {
      if (line.startsWith("operation ")) {
        operation = line.substring("operation ".length());
      } else if (line.startsWith("varies ")) {
        String[] parts = line.substring("varies ".length()).split(" => ", 2);
        varies.add(new Variation(Pattern.compile(parts[0]), parts[1]));
      }
    }
    List<Exchange> exchanges = new ArrayList<>();
    for (int i = 1; i < sections.length; i++) {
      exchanges.add(exchange(sections[i].stripTrailing().split("\n")));
    }
    return new GoldenFile(sections[0].stripTrailing(), operation, varies, exchanges);
  }

  private static Exchange exchange(String[] lines) {
    List<String> request = new ArrayList<>();
    List<String> answer = new ArrayList<>();
    for (int i = 1; i < lines.length; i++) {
      if (!answer.isEmpty() || lines[i].startsWith(ANSWER)) {
        answer.add(lines[i]);
      } else if (!lines[i].isBlank()) {
        request.add(lines[i]);
      }
    }
    return new Exchange(lines[0].strip(), request, String.join("\n", answer));
  }

  /** An answer without what changes from run to run. */
  String steady(String answer) {
    String steady = answer;
    for (Variation variation : varies) {
      steady = variation.pattern.matcher(steady).replaceAll(variation.replacement);
    }
    return steady;
  }

  GoldenFile with(List<Exchange> newExchanges) {
    return new GoldenFile(head, operation, varies, newExchanges);
  }

  /** The text of the file. */
  String text() {
    StringBuilder text = new StringBuilder(head).append('\n');
    for (Exchange exchange : exchanges) {
      text.append("\n## ").append(exchange.title).append('\n');
      exchange.request.forEach(line -> text.append(line).append('\n'));
      if (!exchange.isGiven()) {
        text.append('\n').append(exchange.answer.stripTrailing()).append('\n');
      }
    }
    return text.toString();
  }
}
