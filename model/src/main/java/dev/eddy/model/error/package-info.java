/**
 * The one error type and its stable codes. Knows no transport: codes become HTTP or gRPC statuses
 * at the edges.
 */
@NullMarked
package dev.eddy.model.error;

import org.jspecify.annotations.NullMarked;
