/**
 * The public gRPC contract, generated from {@code qdrant/*.proto}.
 *
 * <p>It must not know anything of ours.
 */
@NullMarked
package dev.eddy.proto.qdrant;

import org.jspecify.annotations.NullMarked;
