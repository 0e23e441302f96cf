package dev.eddy.bench.command;

import dev.eddy.bench.data.VectorSet;
import dev.eddy.engine.graph.GraphParams;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** hnswlib in a Python process that takes one order per line and answers with one. */
final class HnswlibSide implements GraphSide {
  private final Process process;
  private final BufferedWriter orders;
  private final BufferedReader answers;

  /** Starts the script with the set in a folder of its own. */
  HnswlibSide(Path script, VectorSet set, GraphParams params, int threads, Path folder)
      throws IOException {
    write(set, folder);
    process =
        new ProcessBuilder(
                List.of(
                    script.toString(),
                    folder.toString(),
                    Integer.toString(set.dimension()),
                    Integer.toString(params.m()),
                    Integer.toString(params.efConstruct()),
                    Integer.toString(threads)))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    orders =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  private static void write(VectorSet set, Path folder) throws IOException {
    write(set.base().values().slice(0, set.rows() * set.dimension()), folder.resolve("base.f32"));
    write(set.queries().values().duplicate(), folder.resolve("query.f32"));
    int[] truth = set.truth();
    ByteBuffer bytes =
        ByteBuffer.allocate(truth.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(truth);
    Files.write(folder.resolve("gt.i32"), bytes.array());
  }

  private static void write(FloatBuffer values, Path file) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.remaining() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    Files.write(file, bytes.array());
  }

  private String order(String order) throws IOException {
    orders.write(order);
    orders.newLine();
    orders.flush();
    String answer = answers.readLine();
    if (answer == null) {
      throw new IOException("the hnswlib process ended; its message is above");
    }
    return answer;
  }

  @Override
  public double build() throws IOException {
    return Double.parseDouble(order("build"));
  }

  @Override
  public Pass search(int ef) throws IOException {
    String[] answer = order("search " + ef).split(" ");
    return new Pass(Double.parseDouble(answer[0]), Double.parseDouble(answer[1]));
  }

  @Override
  public void close() {
    process.destroy();
  }
}
