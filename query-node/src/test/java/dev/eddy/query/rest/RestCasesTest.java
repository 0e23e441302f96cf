package dev.eddy.query.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.query.world.FakeServices;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The bodies and the error texts that clients match on: {@code cases.txt}, over a real socket. */
class RestCasesTest {
  private final FakeServices services = new FakeServices();
  private final RestEdge edge = services.rest(RestSettings.of("127.0.0.1", 0));
  private final RestClient client = new RestClient(edge);

  @AfterEach
  void stop() {
    client.close();
    edge.close();
  }

  private static List<String> lines() throws IOException {
    try (InputStream in = RestCasesTest.class.getResourceAsStream("/rest-api/cases.txt");
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return reader.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
    }
  }

  @Test
  void everyCaseIsAnsweredAsWritten() throws IOException {
    List<String> lines = lines();
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i + 1 < lines.size(); i += 2) {
      String[] request = lines.get(i).split(" ", 3);
      String expected = lines.get(i + 1);
      String actual = answer(request[0], request[1], request.length < 3 ? "" : request[2]);
      if (!isExpected(expected, actual)) {
        wrong.add(lines.get(i) + "\n  expected " + expected + "\n  but was  " + actual);
      }
    }
    assertThat(lines).hasSizeGreaterThan(200).hasSize(lines.size() / 2 * 2);
    assertThat(wrong).isEmpty();
  }

  private static boolean isExpected(String expected, String actual) {
    if (!expected.contains("*")) {
      return expected.equals(actual);
    }
    String pattern = Pattern.quote(expected).replace("*", "\\E.*\\Q");
    return Pattern.matches(pattern, actual);
  }

  /** Status and body, of an error only its text. */
  private String answer(String method, String path, String body) {
    services.reset();
    HttpResponse<String> response = client.send(method, path, body);
    String text = RestClient.untimed(response);
    if (text.startsWith("{\"status\":{\"error\":\"")) {
      text =
          text.substring("{\"status\":{\"error\":\"".length(), text.length() - "\"}}".length())
              .replace("\\\"", "\"")
              .replace("\\\\", "\\");
    }
    return response.statusCode() + " " + text;
  }
}
