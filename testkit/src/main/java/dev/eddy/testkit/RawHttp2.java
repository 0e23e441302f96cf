package dev.eddy.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A connection of HTTP/2 without TLS, frame by frame, for what no client library would send. Used
 * by one thread; another one may read.
 */
public final class RawHttp2 implements AutoCloseable {
  /** Types of frames (RFC 9113, section 6). */
  public static final int DATA = 0;

  public static final int HEADERS = 1;
  public static final int PRIORITY = 2;
  public static final int RST_STREAM = 3;
  public static final int SETTINGS = 4;
  public static final int PUSH_PROMISE = 5;
  public static final int PING = 6;
  public static final int GOAWAY = 7;
  public static final int WINDOW_UPDATE = 8;
  public static final int CONTINUATION = 9;

  /** Flags of frames. ACK of SETTINGS and PING has the value of END_STREAM. */
  public static final int END_STREAM = 1;

  public static final int ACK = 1;
  public static final int END_HEADERS = 4;

  /** Setting: how much the server may send of a stream before it is given more room. */
  public static final int INITIAL_WINDOW_SIZE = 4;

  private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);

  private static final int SILENCE_MS_MAX = 30_000;

  private final Socket socket = new Socket();
  private final DataInputStream in;

  /** One frame. */
  @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
  public record Frame(int type, int flags, int stream, byte[] payload) {
    /** As it is on the wire. */
    public byte[] bytes() {
      return ByteBuffer.allocate(9 + payload.length)
          .put((byte) (payload.length >> 16))
          .putShort((short) payload.length)
          .put((byte) type)
          .put((byte) flags)
          .putInt(stream)
          .put(payload)
          .array();
    }
  }

  /**
   * Connects, and says nothing yet.
   *
   * @param receiveBytes what the system keeps of what is not read; 0 = as it likes
   */
  public RawHttp2(int port, int receiveBytes) throws IOException {
    // A server that neither answers nor closes fails a test instead of holding it up.
    socket.setSoTimeout(SILENCE_MS_MAX);
    if (receiveBytes > 0) {
      socket.setReceiveBufferSize(receiveBytes);
    }
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.setTcpNoDelay(true);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
  }

  /** Connects and begins as a client does, with these settings: number, value, number, value. */
  public static RawHttp2 open(int port, int... settings) throws IOException {
    RawHttp2 http = new RawHttp2(port, 0);
    http.begin(settings);
    return http;
  }

  /** Sends what a client begins with. */
  public void begin(int... settings) throws IOException {
    write(preface());
    write(settings(settings));
  }

  /** The bytes that a client begins with, before its settings. */
  public static byte[] preface() {
    return PREFACE.clone();
  }

  /** The frame of these settings: number, value, number, value. */
  public static Frame settings(int... settings) {
    ByteBuffer payload = ByteBuffer.allocate(settings.length * 3);
    for (int i = 0; i < settings.length; i += 2) {
      payload.putShort((short) settings[i]).putInt(settings[i + 1]);
    }
    return new Frame(SETTINGS, 0, 0, payload.array());
  }

  /** Says that nothing more is sent. */
  public void end() throws IOException {
    socket.shutdownOutput();
  }

  /** Sends bytes as they are. */
  public void write(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  public void write(Frame frame) throws IOException {
    write(frame.bytes());
  }

  /** Sends the frame of a request's headers. */
  public void headers(int stream, int flags, String method, String path, String... more)
      throws IOException {
    write(new Frame(HEADERS, flags, stream, block(method, path, more)));
  }

  public void data(int stream, int flags, byte[] payload) throws IOException {
    write(new Frame(DATA, flags, stream, payload));
  }

  /** The headers of a request, encoded without any compression; {@code more} as name, value. */
  public static byte[] block(String method, String path, String... more) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    // Names of pseudo-headers by their index: some servers take them in no other way.
    named(block, 2, method);
    block.write(0x86);
    named(block, 4, path);
    named(block, 1, "localhost");
    for (int i = 0; i < more.length; i += 2) {
      literal(block, more[i], more[i + 1]);
    }
    return block.toByteArray();
  }

  private static void named(ByteArrayOutputStream block, int name, String value) {
    block.write(name);
    text(block, value);
  }

  private static void literal(ByteArrayOutputStream block, String name, String value) {
    block.write(0);
    text(block, name);
    text(block, value);
  }

  private static void text(ByteArrayOutputStream block, String text) {
    int rest = text.length() - 0x7f;
    if (rest < 0) {
      block.write(text.length());
    } else {
      block.write(0x7f);
      for (; rest >= 0x80; rest >>= 7) {
        block.write(rest & 0x7f | 0x80);
      }
      block.write(rest);
    }
    block.writeBytes(text.getBytes(US_ASCII));
  }

  /**
   * The next frame.
   *
   * @throws EOFException when the server has closed the connection
   * @throws java.net.SocketTimeoutException when it does nothing for long
   */
  public Frame read() throws IOException {
    int first = in.readInt();
    byte[] payload = new byte[first >>> 8];
    int flags = in.readUnsignedByte();
    int stream = in.readInt() & 0x7fff_ffff;
    in.readFully(payload);
    return new Frame(first & 0xff, flags, stream, payload);
  }

  /** The next frame of a stream; settings and pings are acknowledged, the others passed over. */
  public Frame read(int stream) throws IOException {
    while (true) {
      Frame frame = read();
      if (frame.stream() == stream) {
        return frame;
      }
      boolean isAsked = frame.type() == SETTINGS || frame.type() == PING;
      if (isAsked && (frame.flags() & ACK) == 0) {
        write(
            new Frame(frame.type(), ACK, 0, frame.type() == PING ? frame.payload() : new byte[0]));
      }
    }
  }

  /** Reads until these streams are over, in whatever way; the types of their last frames. */
  public List<Integer> ends(int... streams) throws IOException {
    Set<Integer> open = new HashSet<>();
    for (int stream : streams) {
      open.add(stream);
    }
    List<Integer> types = new ArrayList<>();
    while (!open.isEmpty()) {
      Frame frame = read();
      boolean isLast =
          frame.type() == RST_STREAM
              || (frame.type() <= HEADERS && (frame.flags() & END_STREAM) != 0);
      if (isLast && open.remove(frame.stream())) {
        types.add(frame.type());
      }
    }
    return types;
  }

  /** Reads on until the server has closed the connection, in whatever way. */
  public void awaitClose() throws IOException {
    try {
      while (true) {
        read();
      }
    } catch (java.net.SocketTimeoutException e) {
      throw e;
    } catch (IOException e) {
      // It is closed.
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
