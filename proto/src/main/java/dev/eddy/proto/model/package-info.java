/**
 * Twins of the domain model as messages, generated from {@code eddy/model.proto}.
 *
 * <p>It must not know records or services.
 */
@NullMarked
package dev.eddy.proto.model;

import org.jspecify.annotations.NullMarked;
