package dev.eddy.query.quota;

import org.jspecify.annotations.Nullable;

/** Which limits this node refuses writes over; null = that one is not enforced. */
public record QuotaExceeded(@Nullable Boolean residentMemory, @Nullable Boolean diskUsage) {}
