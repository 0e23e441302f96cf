package dev.eddy.query.rest.json;

import java.io.OutputStream;
import java.util.Arrays;

/** Bytes in memory, without the locks of {@code ByteArrayOutputStream}. Used by one thread. */
final class ByteSink extends OutputStream {
  private byte[] bytes = new byte[1024];
  private int length;

  @Override
  public void write(int value) {
    ensure(1);
    bytes[length++] = (byte) value;
  }

  @Override
  public void write(byte[] source, int from, int count) {
    ensure(count);
    System.arraycopy(source, from, bytes, length, count);
    length += count;
  }

  private void ensure(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(length, more)));
    }
  }

  byte[] toByteArray() {
    return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }
}
