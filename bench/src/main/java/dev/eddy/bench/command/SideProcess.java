package dev.eddy.bench.command;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A program to compare with: takes one order per line and answers with one. Not thread-safe. */
final class SideProcess implements AutoCloseable {
  private final String name;
  private final Process process;
  private final BufferedWriter orders;
  private final BufferedReader answers;

  /** Starts the command; what it has to say beside answers is shown. */
  SideProcess(String name, List<String> command) throws IOException {
    this.name = name;
    this.process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    this.orders =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    this.answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** The words of the answer. */
  String[] order(String order) throws IOException {
    orders.write(order);
    orders.newLine();
    orders.flush();
    String answer = answers.readLine();
    if (answer == null) {
      throw new IOException("the " + name + " process ended; its message is above");
    }
    return answer.split(" ");
  }

  /** Recall and rate, as searches are answered. */
  GraphSide.Pass pass(String order) throws IOException {
    String[] answer = order(order);
    return new GraphSide.Pass(Double.parseDouble(answer[0]), Double.parseDouble(answer[1]));
  }

  @Override
  public void close() {
    process.destroy();
  }
}
