/**
 * One shard: the fold over its log, what readers see of it, and its checkpoints. It must not know
 * Kafka, gRPC, or who decides when to publish and checkpoint.
 */
@NullMarked
package dev.eddy.engine.shard;

import org.jspecify.annotations.NullMarked;
