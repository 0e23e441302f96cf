/**
 * Walks through everything that the unmodified Java client offers. Knows nothing of how Eddy is
 * built: it has a port.
 */
@org.jspecify.annotations.NullMarked
package dev.eddy.standalone.client;
