/**
 * Eddy's own public gRPC services, generated from {@code eddy/v1/*.proto}: twins of the REST
 * operations that the other contract has no method for.
 *
 * <p>They must not know any inner wire.
 */
@NullMarked
package dev.eddy.proto.v1;

import org.jspecify.annotations.NullMarked;
