/**
 * Failures of internal calls as gRPC statuses and back.
 *
 * <p>It must not know the public contract, which has statuses of its own.
 */
@NullMarked
package dev.eddy.proto.rpc;

import org.jspecify.annotations.NullMarked;
