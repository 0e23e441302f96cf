package dev.eddy.bench.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * Payloads of three fields: one of 1,000 cities, the first ones more frequent; a number below a
 * million; a flag of 0 or 1. The same for the same count.
 */
public final class PayloadSet {
  private static final int CITIES = 1_000;
  private static final int NUMBERS = 1_000_000;

  private final int[] cities;
  private final int[] numbers;
  private final int[] flags;

  /** So many payloads. */
  public PayloadSet(int count) {
    Random random = new Random(1);
    cities = new int[count];
    numbers = new int[count];
    flags = new int[count];
    for (int i = 0; i < count; i++) {
      cities[i] = (int) (CITIES * Math.pow(random.nextDouble(), 2));
      numbers[i] = random.nextInt(NUMBERS);
      flags[i] = random.nextInt(2);
    }
  }

  /** How many there are. */
  public int count() {
    return cities.length;
  }

  /** A payload as JSON. */
  public String json(int at) {
    return "{\"city\":\"c%d\",\"number\":%d,\"flag\":%d}"
        .formatted(cities[at], numbers[at], flags[at]);
  }

  /** Writes {@code payloads.i32}: city, number and flag of each, little endian. */
  public void write(Path folder) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(12 * cities.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < cities.length; i++) {
      bytes.putInt(cities[i]).putInt(numbers[i]).putInt(flags[i]);
    }
    Files.write(folder.resolve("payloads.i32"), bytes.array());
  }
}
