package dev.eddy.query.rest.json;

import dev.eddy.model.update.Update;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/**
 * CPU of reading one upsert of 256 points of 100 dimensions with a small payload: a main method to
 * run by hand, no test.
 */
final class UpsertReaderBench {
  private static final int POINTS = 256;
  private static final int DIMENSIONS = 100;
  private static final int ROUNDS = 400;

  private UpsertReaderBench() {}

  public static void main(String[] arguments) throws IOException {
    byte[] body = body();
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    for (int repeat = 0; repeat < 6; repeat++) {
      long before = threads.getCurrentThreadCpuTime();
      int points = 0;
      for (int i = 0; i < ROUNDS; i++) {
        Update update = JsonBody.read(new ByteArrayInputStream(body), "", UpsertReader::read);
        points += ((Update.Upsert) update).points().size();
      }
      long nanos = threads.getCurrentThreadCpuTime() - before;
      System.out.printf(
          "%d bytes, %.2f ms CPU per request, %.2f us per point, %.0f MB/s%n",
          body.length,
          nanos / 1e6 / ROUNDS,
          nanos / 1e3 / points,
          body.length * (double) ROUNDS / (nanos / 1e3));
    }
  }

  private static byte[] body() {
    Random random = new Random(1);
    StringBuilder json = new StringBuilder("{\"points\":[");
    for (int i = 0; i < POINTS; i++) {
      json.append(i == 0 ? "" : ",").append("{\"id\":").append(i).append(",\"vector\":[");
      for (int d = 0; d < DIMENSIONS; d++) {
        json.append(d == 0 ? "" : ",").append((float) random.nextGaussian());
      }
      json.append("],\"payload\":{\"word\":\"w")
          .append(i)
          .append("\",\"rank\":")
          .append(i)
          .append("}}");
    }
    return json.append("]}").toString().getBytes(StandardCharsets.UTF_8);
  }
}
