package dev.eddy.kafka.meta;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReportLeaseTest {
  private final ReportLease lease = new ReportLease(2_000);

  @Test
  void nothingIsTrustedBeforeTheFirstReportIsAcknowledged() {
    assertThat(lease.covers(5, 5)).isFalse();
  }

  @Test
  void aReadingThatBeganBeforeReportsResumedIsNotTrusted() {
    lease.acknowledged(100, 110);

    assertThat(lease.covers(105, 120)).isFalse();
    assertThat(lease.covers(110, 120)).isTrue();
  }

  @Test
  void steadyReportsKeepAnOlderReadingTrusted() {
    lease.acknowledged(100, 110);
    lease.acknowledged(1_900, 1_910);

    assertThat(lease.covers(110, 3_900)).isTrue();
    assertThat(lease.covers(110, 3_901)).isFalse();
  }

  @Test
  void aGapBetweenReportsBeginsANewStreak() {
    lease.acknowledged(100, 110);
    lease.acknowledged(2_101, 2_200);

    assertThat(lease.covers(2_199, 2_300)).isFalse();
    assertThat(lease.covers(2_200, 2_300)).isTrue();
  }
}
