/**
 * Domain objects to their message twins and back, for every wire of our own.
 *
 * <p>It must not know records, services or the public contract.
 */
@NullMarked
package dev.eddy.proto.mapping;

import org.jspecify.annotations.NullMarked;
