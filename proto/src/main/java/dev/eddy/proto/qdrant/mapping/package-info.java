/**
 * Messages of the public gRPC contract to domain objects, and domain objects to answers.
 *
 * <p>A message that breaks a rule fails with an {@code EddyException} whose text names the field; a
 * known field that is not built yet fails as NOT_IMPLEMENTED naming it. Nothing is passed over in
 * silence that could change an answer.
 *
 * <p>It must not know how a request is carried out.
 */
@NullMarked
package dev.eddy.proto.qdrant.mapping;

import org.jspecify.annotations.NullMarked;
