package dev.eddy.index.host;

import dev.eddy.kafka.log.PointLogTailer;
import dev.eddy.model.update.Update;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * What every hosted shard shares.
 *
 * @param decoder bytes of a record to an update; what it does not know it refuses with an {@code
 *     UnknownRecordException}
 * @param nanoClock monotonic nanoseconds
 */
public record HostEnvironment(
    HostSettings settings,
    PointLogTailer tailer,
    Function<byte[], Update> decoder,
    ShardFold.Opener opener,
    ShardFolders folders,
    LongSupplier nanoClock,
    ShardEvents events) {}
