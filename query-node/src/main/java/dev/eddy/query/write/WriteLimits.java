package dev.eddy.query.write;

import dev.eddy.model.limit.Limit;

/**
 * Sizes of what is written.
 *
 * @param recordTargetBytes a record is closed when the next point would make it larger
 * @param recordMaxBytes encoded bytes of one record, which is what one point may take at most
 */
public record WriteLimits(int recordTargetBytes, int recordMaxBytes) {
  /** 256 KiB; 16 MiB less room for what the log adds to a record. */
  public static final WriteLimits DEFAULT =
      new WriteLimits(256 << 10, (int) Limit.RECORD.standard());

  public WriteLimits {
    if (recordTargetBytes < 1 || recordMaxBytes < recordTargetBytes) {
      throw new IllegalArgumentException(
          "record sizes must be 1 <= target <= max, got %d and %d"
              .formatted(recordTargetBytes, recordMaxBytes));
    }
  }
}
