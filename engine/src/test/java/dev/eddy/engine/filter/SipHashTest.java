package dev.eddy.engine.filter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SipHashTest {
  private static final long KEY_0 = 0x0706050403020100L;
  private static final long KEY_1 = 0x0f0e0d0c0b0a0908L;

  /** The vectors of the paper's reference code: key and message are the bytes 0, 1, 2, ... */
  @Test
  void theReferenceVectorsHold() {
    assertThat(SipHash.of(KEY_0, KEY_1, 8, KEY_0, 0)).isEqualTo(0x93f5f5799a932462L);
    assertThat(SipHash.of(KEY_0, KEY_1, 16, KEY_0, KEY_1)).isEqualTo(0x3f2acc7f57c29bdbL);
  }
}
