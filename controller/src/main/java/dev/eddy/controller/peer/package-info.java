/**
 * Carries changes of collections from one query node to the one that hosts the controller, over
 * gRPC.
 *
 * <p>It must not know how changes are decided.
 */
@NullMarked
package dev.eddy.controller.peer;

import org.jspecify.annotations.NullMarked;
