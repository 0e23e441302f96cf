package dev.eddy.standalone.fuzz;

import static dev.eddy.testkit.RawHttp2.CONTINUATION;
import static dev.eddy.testkit.RawHttp2.DATA;
import static dev.eddy.testkit.RawHttp2.END_HEADERS;
import static dev.eddy.testkit.RawHttp2.END_STREAM;
import static dev.eddy.testkit.RawHttp2.GOAWAY;
import static dev.eddy.testkit.RawHttp2.HEADERS;
import static dev.eddy.testkit.RawHttp2.PING;
import static dev.eddy.testkit.RawHttp2.PRIORITY;
import static dev.eddy.testkit.RawHttp2.PUSH_PROMISE;
import static dev.eddy.testkit.RawHttp2.RST_STREAM;
import static dev.eddy.testkit.RawHttp2.SETTINGS;
import static dev.eddy.testkit.RawHttp2.WINDOW_UPDATE;

import dev.eddy.testkit.RawHttp2;
import dev.eddy.testkit.RawHttp2.Frame;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * What a client of HTTP/2 may send by mistake or malice: all that is sent on one connection. Used
 * by one thread.
 */
final class Http2Shots {
  private static final int FRAME_BYTES_MAX = 16_384;
  private static final int STREAMS_MAX = 300;
  private static final int FLOOD = 3_000;
  private static final int PADDED = 8;
  private static final int NEVER_INDEXED = 0x10;
  private static final int INDEXED = 0x80;
  private static final int ADDED_TO_TABLE = 0x40;
  private static final int TABLE_SIZE = 0x20;

  private final Random random;
  private final ByteMutator bytes;

  /**
   * A request that has nothing wrong.
   *
   * @param largeBody another body, of several frames
   */
  @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
  record Request(byte[] headers, byte[] body, byte[] largeBody) {}

  private final Request request;

  /** What is sent, and what it is. */
  @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
  record Shot(String kind, byte[] bytes) {}

  /** Kinds of shots. */
  private enum Kind {
    DAMAGED_BYTES,
    DAMAGED_FRAME,
    RANDOM_FRAMES,
    CUT_HEADERS,
    GIANT_HEADERS,
    CONTINUATION_FLOOD,
    RESET_FLOOD,
    PING_FLOOD,
    SETTINGS_FLOOD,
    WINDOWS,
    HEADER_TABLE,
    HEADER_BOMB,
    OPEN_STREAMS,
    DATA_FRAMES,
    LARGE_BODIES,
    PREFACE,
    PRIORITIES
  }

  Http2Shots(Random random, Request request) {
    this.random = random;
    this.bytes = new ByteMutator(random);
    this.request = request;
  }

  Shot next() {
    Kind[] kinds = Kind.values();
    Kind kind = kinds[random.nextInt(kinds.length)];
    if (kind == Kind.PREFACE) {
      return new Shot(kind.name(), bytes.mutate(joined(RawHttp2.preface(), sound())));
    }
    byte[] sent =
        switch (kind) {
          case DAMAGED_BYTES -> bytes.mutate(bytes.mutate(joined(sound())));
          case DAMAGED_FRAME -> damagedFrame();
          case RANDOM_FRAMES -> many(1 + random.nextInt(30), this::randomFrame);
          case CUT_HEADERS ->
              headers(1, Arrays.copyOf(request.headers(), random.nextInt(request.headers().length)))
                  .bytes();
          case GIANT_HEADERS -> giantHeaders();
          case CONTINUATION_FLOOD -> continuations();
          case RESET_FLOOD -> resets();
          case PING_FLOOD -> many(FLOOD, i -> new Frame(PING, 0, 0, new byte[8]));
          case SETTINGS_FLOOD -> many(FLOOD, i -> settings());
          case WINDOWS -> many(20, i -> window());
          case HEADER_TABLE -> many(5, i -> headers(2 * i + 1, oddBlock()));
          case HEADER_BOMB -> headerBomb();
          case OPEN_STREAMS -> many(STREAMS_MAX, i -> openStream(2 * i + 1));
          case DATA_FRAMES -> many(100, i -> oddData());
          case LARGE_BODIES -> largeBodies();
          case PRIORITIES -> many(FLOOD, i -> priority());
          case PREFACE -> throw new IllegalStateException("made above");
        };
    return new Shot(kind.name(), joined(RawHttp2.preface(), settings().bytes(), sent));
  }

  /** Makes one of many frames. */
  private interface Maker {
    Frame make(int index);
  }

  private static byte[] many(int count, Maker maker) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < count; i++) {
      all.writeBytes(maker.make(i).bytes());
    }
    return all.toByteArray();
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private byte[] noise(int most) {
    byte[] noise = new byte[random.nextInt(most + 1)];
    random.nextBytes(noise);
    return noise;
  }

  private static byte[] number(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }

  /** A few requests as they should be. */
  private byte[] sound() {
    return joined(RawHttp2.settings().bytes(), joined(soundFrames().toArray(byte[][]::new)));
  }

  private List<byte[]> soundFrames() {
    List<byte[]> frames = new ArrayList<>();
    for (int stream = 1; stream < 2 + random.nextInt(8); stream += 2) {
      frames.add(headers(stream, request.headers()).bytes());
      frames.add(new Frame(DATA, END_STREAM, stream, request.body()).bytes());
    }
    return frames;
  }

  private static Frame headers(int stream, byte[] block) {
    return new Frame(HEADERS, END_HEADERS, stream, block);
  }

  /** One of the frames has one wrong byte in what says what it is. */
  private byte[] damagedFrame() {
    List<byte[]> frames = soundFrames();
    byte[] frame = frames.get(random.nextInt(frames.size()));
    frame[random.nextInt(9)] = (byte) random.nextInt(256);
    return joined(frames.toArray(byte[][]::new));
  }

  private Frame randomFrame(int index) {
    return new Frame(
        random.nextInt(12), random.nextInt(256), random.nextInt(8), noise(random.nextInt(64) + 1));
  }

  private byte[] giantHeaders() {
    byte[] block = Arrays.copyOf(request.headers(), 100_000 + random.nextInt(1_000_000));
    // One header that goes on to the end: its name, and how long it is.
    byte[] begin = {0, 1, 'x', 0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff, 7};
    System.arraycopy(begin, 0, block, request.headers().length, begin.length);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int from = 0; from < block.length; from += FRAME_BYTES_MAX) {
      byte[] part = Arrays.copyOfRange(block, from, Math.min(block.length, from + FRAME_BYTES_MAX));
      boolean isLast = from + FRAME_BYTES_MAX >= block.length;
      int type = from == 0 ? HEADERS : CONTINUATION;
      all.writeBytes(new Frame(type, isLast ? END_HEADERS : 0, 1, part).bytes());
    }
    return all.toByteArray();
  }

  private byte[] continuations() {
    int size = random.nextInt(3);
    return joined(
        new Frame(HEADERS, 0, 1, request.headers()).bytes(),
        many(FLOOD, i -> new Frame(CONTINUATION, 0, 1, new byte[size])));
  }

  private byte[] resets() {
    boolean isWhole = random.nextBoolean();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int stream = 1; stream < 2 * FLOOD; stream += 2) {
      all.writeBytes(headers(stream, request.headers()).bytes());
      if (isWhole) {
        all.writeBytes(new Frame(DATA, END_STREAM, stream, request.body()).bytes());
      }
      all.writeBytes(new Frame(RST_STREAM, 0, stream, number(8)).bytes());
    }
    return all.toByteArray();
  }

  private Frame settings() {
    return switch (random.nextInt(4)) {
      case 0 -> RawHttp2.settings(1 + random.nextInt(8), random.nextInt());
      case 1 -> RawHttp2.settings(RawHttp2.INITIAL_WINDOW_SIZE, random.nextInt(100));
      case 2 -> new Frame(SETTINGS, random.nextInt(2), random.nextInt(2), noise(13));
      default -> RawHttp2.settings();
    };
  }

  private Frame window() {
    int stream = random.nextInt(4);
    int more = random.nextBoolean() ? random.nextInt(3) : Integer.MAX_VALUE - random.nextInt(2);
    return random.nextInt(3) == 0
        ? headers(2 * random.nextInt(5) + 1, request.headers())
        : new Frame(WINDOW_UPDATE, 0, stream, number(more));
  }

  /** Entries that are not there, sizes that may not be, numbers without end. */
  private byte[] oddBlock() {
    byte[] odd =
        switch (random.nextInt(5)) {
          case 0 -> new byte[] {(byte) (INDEXED | random.nextInt(128))};
          case 1 ->
              new byte[] {
                (byte) (TABLE_SIZE | 31), (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 15
              };
          case 2 -> {
            byte[] endless = new byte[20];
            Arrays.fill(endless, (byte) 0xff);
            yield endless;
          }
          case 3 -> joined(new byte[] {NEVER_INDEXED}, noise(40));
          default -> joined(new byte[] {0, 1, 'x', (byte) (INDEXED | 5)}, noise(40));
        };
    return random.nextBoolean() ? joined(odd, request.headers()) : joined(request.headers(), odd);
  }

  /** A header of some length once, and then again and again by its number. */
  private byte[] headerBomb() {
    byte[] value = new byte[3_000];
    Arrays.fill(value, (byte) 'a');
    byte[] added = {ADDED_TO_TABLE, 1, 'x', 0x7f, (byte) (0xb9), 0x16};
    byte[] again = new byte[10_000];
    Arrays.fill(again, (byte) (INDEXED | 62));
    return headers(1, joined(request.headers(), added, value, again)).bytes();
  }

  private Frame openStream(int stream) {
    return new Frame(HEADERS, END_HEADERS, stream, request.headers());
  }

  private Frame oddData() {
    int stream = 2 * random.nextInt(3) + 1;
    return switch (random.nextInt(6)) {
      case 0 -> headers(stream, request.headers());
      case 1 -> new Frame(DATA, PADDED, stream, new byte[] {(byte) random.nextInt(256), 1, 2});
      case 2 -> new Frame(DATA, 0, stream, new byte[0]);
      case 3 -> new Frame(DATA, END_STREAM, stream, request.body());
      case 4 -> new Frame(DATA, 0, stream, noise(FRAME_BYTES_MAX));
      default -> new Frame(DATA, 0, stream, request.body());
    };
  }

  /** Each once or twice, whole, cut, without an end or taken back. */
  private byte[] largeBodies() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int stream = 1; stream < 8; stream += 2) {
      all.writeBytes(headers(stream, request.headers()).bytes());
      byte[] body =
          random.nextInt(3) == 0
              ? joined(request.largeBody(), request.largeBody())
              : request.largeBody();
      int length = random.nextBoolean() ? body.length : random.nextInt(body.length);
      for (int from = 0; from < length; from += FRAME_BYTES_MAX) {
        byte[] part = Arrays.copyOfRange(body, from, Math.min(length, from + FRAME_BYTES_MAX));
        all.writeBytes(new Frame(DATA, 0, stream, part).bytes());
      }
      switch (random.nextInt(3)) {
        case 0 -> all.writeBytes(new Frame(DATA, END_STREAM, stream, new byte[0]).bytes());
        case 1 -> all.writeBytes(new Frame(RST_STREAM, 0, stream, number(8)).bytes());
        default -> {}
      }
    }
    return all.toByteArray();
  }

  private Frame priority() {
    int stream = 2 * random.nextInt(2_000) + 1;
    return switch (random.nextInt(50)) {
      case 0 -> new Frame(PUSH_PROMISE, END_HEADERS, stream, number(2));
      case 1 -> new Frame(GOAWAY, 0, 0, new byte[8]);
      case 2 -> new Frame(100 + random.nextInt(100), random.nextInt(256), stream, noise(100));
      default ->
          new Frame(
              PRIORITY,
              0,
              stream,
              joined(number(random.nextBoolean() ? stream : random.nextInt(100)), new byte[1]));
    };
  }
}
